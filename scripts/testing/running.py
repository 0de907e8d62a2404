"""The process of a running part: start, progress and end."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.processes.program import leash_command
from scripts.testing.part import Outcome, Part
from scripts.testing.progress import VARIABLE, Reader

# A part that takes longer than this hangs, however slow the machine is. It is ended and fails.
LIMIT_FACTOR, LIMIT_SECONDS = 15, 600
END_SECONDS = 30
POLL_SECONDS = 0.1


class RunningPart:
    """One process, in a session of its own so that Ctrl-C does not reach it."""

    def __init__(
        self,
        part: Part,
        environment: Mapping[str, str],
        folder: Path,
        pytest_options: Sequence[str] = (),
    ) -> None:
        """Start the part. Its log and its progress file go into the folder."""
        stem = part.name.replace(" ", "-").replace(":", "").replace("/", "-")
        self.part = part
        self.log = folder / f"{stem}.log"
        self.progress = Reader(folder / f"{stem}.progress")
        self._start = time.monotonic()
        self._is_overdue = False
        self._usage: resource.struct_rusage | None = None
        self._limit = LIMIT_SECONDS + LIMIT_FACTOR * part.seconds
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                leash_command(part.command_line(pytest_options), signal="TERM", parent=os.getpid()),
                env={**environment, VARIABLE: str(folder / f"{stem}.progress")},
                cwd=part.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def has_ended(self) -> bool:
        """Whether the process has ended; a process beyond its time limit is ended here."""
        if not self._is_overdue and self.seconds > self._limit:
            self._is_overdue = True
            self.end()
        return self._reap()

    def outcome(self) -> Outcome:
        """Return the outcome, with the tests that `progress` has read."""
        assert self._usage is not None, "the process has not ended"
        log = self.log.read_text(errors="replace").rstrip()
        if self._is_overdue:
            log += f"\nThe part was ended: it had not finished after {self._limit} seconds."
        return Outcome(
            part=self.part,
            status=self._process.returncode or int(self._is_overdue),
            wall=self.seconds,
            processor=self._usage.ru_utime + self._usage.ru_stime,
            passed=self.progress.passed,
            failures=self.progress.failed,
            skipped=self.progress.skipped,
            log=log,
        )

    def interrupt(self) -> None:
        """Send the signal of Ctrl-C, after which pytest tears down its fixtures. Do not wait."""
        if not self._reap():
            os.kill(self._process.pid, signal.SIGINT)

    def end(self) -> None:
        """Ask the process to end, and kill it if it does not."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if self._reap():
                return
            os.kill(self._process.pid, number)
            end = time.monotonic() + END_SECONDS
            while not self._reap() and time.monotonic() < end:
                time.sleep(POLL_SECONDS)

    def _reap(self) -> bool:
        """Whether the process has ended. Unlike `Popen`, `wait4` gives its processor time."""
        if self._usage is None:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self._usage = usage
        return self._usage is not None
