"""`ips transform`, `ips plan` and `ips wait`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from image_processing_client.cli import steps
from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, EXPECTED, UsageError, exit_code, print_error
from image_processing_client.cli.output import Output
from image_processing_client.cli.progress import Bar
from image_processing_client.cli.transfer import check_extension, choose_target
from image_processing_client.records import Plan, Task


def transform(arguments: argparse.Namespace, output: Output) -> int:
    """Transform an image or a file that is uploaded with it; with --output, download the result."""
    request = steps.build_request(arguments)
    if arguments.output is not None and request.get("format") and not arguments.output.is_dir():
        check_extension(arguments.output, str(request["format"]))
    with connect(arguments) as client:
        image = _image(arguments.image)
        if image is None:
            path = Path(arguments.image)
            with Bar(path.name, enabled=not output.quiet) as bar:
                task = client.transform_file(path, **request, progress=bar)
        else:
            task = client.transform(image, **request)
        if arguments.wait or arguments.output is not None:
            task = client.tasks.wait(task, timeout=arguments.timeout)
        output.say(describe_task(task), task.data)
        if arguments.output is not None:
            result = client.results.get(task)
            target = choose_target(arguments.output, result, force=arguments.force)
            with Bar(target.name, enabled=not output.quiet) as bar:
                client.results.download(task, target, progress=bar)
            output.say(str(target), {"id": task.result_image, "path": str(target)})
    return DONE


def plan(arguments: argparse.Namespace, output: Output) -> int:
    """Show the result and the cost that `transform` would have. Nothing is made."""
    request = steps.build_request(arguments)
    with connect(arguments) as client:
        found = client.plan(arguments.image, **request)
    output.say(f"image {arguments.image}: {_describe_plan(found)}", asdict(found))
    return DONE


def _describe_plan(plan: Plan) -> str:
    """Describe a plan in one line, with its steps and warnings below."""
    seconds = plan.estimated_seconds
    facts = [
        f"{'' if plan.exact else 'at most '}{plan.width}x{plan.height} {plan.format}",
        *([f"quality {plan.quality}"] if plan.quality is not None else []),
        *([f"{plan.frames} frames"] if plan.frames > 1 else []),
        *(["already made"] if plan.already_made else []),
        *([f"about {seconds:.2g} s"] if seconds is not None and not plan.already_made else []),
    ]
    below = [*plan.steps, *(f"warning: {one.get('detail')}" for one in plan.warnings)]
    return "\n  ".join([f"{', '.join(facts)} ({plan.queue} queue)", *below])


def _image(text: str) -> int | None:
    """Return the id of an image, or None for the path of a file."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not Path(text).is_file():
        raise UsageError(f"{text} is neither the id of an image nor a file.")
    return None


def wait(arguments: argparse.Namespace, output: Output) -> int:
    """Wait until each task has ended. A failed task does not stop the others."""
    code = DONE
    with connect(arguments) as client:
        for pk in arguments.tasks:
            try:
                task = client.tasks.wait(pk, timeout=arguments.timeout)
            except EXPECTED as error:
                print_error(error, as_json=output.as_json)
                code = code or exit_code(error)
                continue
            output.say(describe_task(task), task.data)
    return code


def describe_task(task: Task) -> str:
    """Describe a task in one line, with its warnings below."""
    result = f", result {task.result_image}" if task.result_image else ""
    lines = [f"task {task.id}: {task.status}, {task.format} of image {task.original_image}{result}"]
    return "\n  ".join(lines + [f"warning: {one.get('detail')}" for one in task.warnings])
