"""Run a command to its end, such as a migration or a test run."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.processes.interrupt import Interrupt
from scripts.local.processes.program import leash_command

STOP_SECONDS = 15  # how long a command may take to end after a signal


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    interrupt: Interrupt,
    *,
    lock: Path | None = None,
    output: Path | int | None = None,
) -> int:
    """Run the command and return its exit status, negative for a signal.

    The command ends when this process disappears. Its output is appended to the file `output` or
    goes to that descriptor; by default it goes where the output of this process goes.

    Raises:
        StopRequested: A signal arrived; the command has been ended.
    """
    line = leash_command(command, signal="TERM", lock=lock, parent=os.getpid())
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
    # Ctrl-C reaches the whole terminal group: the command has already received it and may
    # still be reporting.
    if interrupt.signal != signal.SIGINT:
        process.terminate()
    for send_next_signal in (process.terminate, process.kill):
        try:
            process.wait(STOP_SECONDS)
            return
        except subprocess.TimeoutExpired:
            send_next_signal()
    process.wait()
