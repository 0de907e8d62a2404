"""`ips batch`: every picture of a folder, with resume."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from image_processing_client.batch import names
from image_processing_client.batch.state import opened
from image_processing_client.batch.steps import Outcome, Steps
from image_processing_client.batch.threads import each
from image_processing_client.cli import steps
from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, FAILED, UsageMistake, explain
from image_processing_client.cli.output import Output
from image_processing_client.errors import ConnectionFailed, NotSignedIn

GIVE_UP_AFTER = 3  # files in a row that got no answer, beyond those on their way


def batch(arguments: argparse.Namespace, output: Output) -> int:
    """Transform every picture below FOLDER into OUT; what is done already stays."""
    request = steps.request_of(arguments)
    if arguments.concurrency < 1:
        raise UsageMistake(f"--concurrency is at least 1, and not {arguments.concurrency}.")
    files = _files(arguments.folder, arguments.out)
    counts: Counter[str] = Counter()
    with connect(arguments) as client, opened(arguments.out, client.base_url) as state:
        work = Steps(
            client=client,
            state=state,
            folder=arguments.folder,
            out=arguments.out,
            stems=names.stems(files),
            request=request,
            timeout=arguments.timeout,
            force=arguments.force,
        )
        outcomes = each(work.of, files, arguments.concurrency)
        for outcome in _while_it_makes_sense(outcomes, arguments.concurrency):
            kind = "failed" if outcome.error else "kept" if outcome.kept else "done"
            counts[kind] += 1
            _report(outcome, kind, f"[{counts.total()}/{len(files)}]", output)
    output.say(
        f"{len(files)} files: {counts['done']} done, {counts['kept']} as they were, "
        f"{counts['failed']} failed",
        {"files": len(files), **{kind: counts[kind] for kind in ("done", "kept", "failed")}},
    )
    return FAILED if counts["failed"] else DONE


def _files(folder: Path, out: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageMistake(f"{folder} is not a folder.")
    if folder.resolve().is_relative_to(out.resolve()):
        raise UsageMistake(f"Results in {out} could replace what is in {folder}.")
    files = names.pictures(folder, without=out.resolve())
    if not files:
        raise UsageMistake(f"There are no pictures in {folder}.")
    return files


def _while_it_makes_sense(outcomes: Iterator[Outcome], concurrency: int) -> Iterator[Outcome]:
    """Raises what stands in the way of all files: no sign-in, or no answer time after time."""
    unanswered = 0
    for outcome in outcomes:
        if isinstance(outcome.error, NotSignedIn):
            raise outcome.error
        unanswered = unanswered + 1 if isinstance(outcome.error, ConnectionFailed) else 0
        if outcome.error and unanswered >= concurrency + GIVE_UP_AFTER:
            raise outcome.error
        yield outcome


def _report(outcome: Outcome, kind: str, position: str, output: Output) -> None:
    if outcome.error:
        explain(outcome.error, as_json=output.as_json, subject=str(outcome.file))
        return
    output.say(
        f"{position} {outcome.file} -> {outcome.output}{' (as it was)' if outcome.kept else ''}",
        {"file": str(outcome.file), "output": str(outcome.output), "status": kind},
    )
