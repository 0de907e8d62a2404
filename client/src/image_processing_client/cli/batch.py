"""`ips batch`: transform every picture of a folder. An interrupted batch can continue."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from image_processing_client.batch import names
from image_processing_client.batch.state import open_state
from image_processing_client.batch.steps import Outcome, Steps
from image_processing_client.batch.threads import run_in_threads
from image_processing_client.cli import steps
from image_processing_client.cli.account import connect
from image_processing_client.cli.exits import DONE, FAILED, UsageError, print_error
from image_processing_client.cli.output import Output
from image_processing_client.errors import ConnectionFailed, NotSignedIn

GIVE_UP_AFTER = 3  # consecutive files without an answer, beyond those in progress


def batch(arguments: argparse.Namespace, output: Output) -> int:
    """Transform every picture below FOLDER into OUT. Existing results are kept."""
    request = steps.build_request(arguments)
    if arguments.concurrency < 1:
        raise UsageError(f"--concurrency is {arguments.concurrency}; it must be at least 1.")
    files = _files(arguments.folder, arguments.out)
    counts: Counter[str] = Counter()
    with connect(arguments) as client, open_state(arguments.out, client.base_url) as state:
        work = Steps(
            client=client,
            state=state,
            folder=arguments.folder,
            out=arguments.out,
            stems=names.assign_stems(files),
            request=request,
            timeout=arguments.timeout,
            force=arguments.force,
        )
        outcomes = run_in_threads(work.process, files, arguments.concurrency)
        for outcome in _stop_when_hopeless(outcomes, arguments.concurrency):
            kind = "failed" if outcome.error else "kept" if outcome.kept else "done"
            counts[kind] += 1
            _report(outcome, kind, f"[{counts.total()}/{len(files)}]", output)
    output.say(
        f"{len(files)} files: {counts['done']} done, {counts['kept']} unchanged, "
        f"{counts['failed']} failed",
        {"files": len(files), **{kind: counts[kind] for kind in ("done", "kept", "failed")}},
    )
    return FAILED if counts["failed"] else DONE


def _files(folder: Path, out: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.")
    if folder.resolve().is_relative_to(out.resolve()):
        raise UsageError(f"Results in {out} could replace what is in {folder}.")
    files = names.find_pictures(folder, without=out.resolve())
    if not files:
        raise UsageError(f"There are no pictures in {folder}.")
    return files


def _stop_when_hopeless(outcomes: Iterator[Outcome], concurrency: int) -> Iterator[Outcome]:
    """Pass the outcomes on. Raise errors that concern all files: not signed in, or no answers."""
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
        print_error(outcome.error, as_json=output.as_json, subject=str(outcome.file))
        return
    output.say(
        f"{position} {outcome.file} -> {outcome.output}{' (unchanged)' if outcome.kept else ''}",
        {"file": str(outcome.file), "output": str(outcome.output), "status": kind},
    )
