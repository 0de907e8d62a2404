"""`ips transform` and `ips wait`."""

from __future__ import annotations

import argparse
from pathlib import Path

from image_processing_client.cli import steps
from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, EXPECTED, UsageError, exit_code, print_error
from image_processing_client.cli.output import Output
from image_processing_client.cli.progress import Bar
from image_processing_client.cli.transfer import choose_target
from image_processing_client.records import Task


def transform(arguments: argparse.Namespace, output: Output) -> int:
    """Transform an image or a file that is uploaded with it; with --output, download the result."""
    request = steps.build_request(arguments)
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
            name = client.results.get(task).file_name
            target = choose_target(arguments.output, name, force=arguments.force)
            with Bar(target.name, enabled=not output.quiet) as bar:
                client.results.download(task, target, progress=bar)
            output.say(str(target), {"id": task.result_image, "path": str(target)})
    return DONE


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
