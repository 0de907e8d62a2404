"""Commands that run once and are waited for, such as a migration or a test run."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.interrupt import Interrupt
from scripts.local.program import leashed

PATIENCE = 15  # seconds for a command to end after it was asked to


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    interrupt: Interrupt,
    *,
    lock: Path | None = None,
    output: Path | int | None = None,
) -> int:
    """Run the command to its end and return its exit status, negative for a signal.

    It is ended when this process disappears. `output` is where it writes: the end of that file,
    that descriptor, or what this process has.

    Raises:
        StopRequested: The person wants to stop; the command has been ended.
    """
    line = leashed(command, signal="TERM", lock=lock, parent=os.getpid())
    file = output.open("ab") if isinstance(output, Path) else contextlib.nullcontext(output)
    with file as stream:
        process = subprocess.Popen(
            line, env=dict(environment), cwd=directory, stdout=stream, stderr=stream
        )
    while True:
        try:
            status = process.wait(0.1)
            interrupt.check()
            return status
        except subprocess.TimeoutExpired:
            if interrupt.requested:
                _end(process, interrupt)
                interrupt.check()


def _end(process: subprocess.Popen[bytes], interrupt: Interrupt) -> None:
    # Ctrl-C reaches the whole terminal group: the command has got it already and may
    # want to report before it ends.
    if interrupt.signal != signal.SIGINT:
        process.terminate()
    for last_resort in (process.terminate, process.kill):
        try:
            process.wait(PATIENCE)
            return
        except subprocess.TimeoutExpired:
            last_resort()
    process.wait()
