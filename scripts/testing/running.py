"""A part that runs: its process, what it has said, and its end."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.program import leashed
from scripts.testing.part import Outcome, Part
from scripts.testing.progress import VARIABLE, Failure, Reader

# A part that takes longer than this hangs: whatever the machine, it is ended and has failed.
PATIENCE_FACTOR, PATIENCE_SECONDS = 15, 600
END_SECONDS = 30
POLL_SECONDS = 0.1


class RunningPart:
    """One process, in a process group of its own so that Ctrl-C passes it by."""

    def __init__(
        self,
        part: Part,
        environment: Mapping[str, str],
        folder: Path,
        pytest_options: Sequence[str] = (),
    ) -> None:
        """Start it; its log and its progress go into the folder."""
        stem = part.name.replace(" ", "-").replace(":", "").replace("/", "-")
        self.part = part
        self.log = folder / f"{stem}.log"
        self.progress = Reader(folder / f"{stem}.progress")
        self._start = time.monotonic()
        self._is_overdue = False
        self._usage: resource.struct_rusage | None = None
        self._limit = PATIENCE_SECONDS + PATIENCE_FACTOR * part.seconds
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                leashed(part.command_line(pytest_options), signal="TERM", parent=os.getpid()),
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

    def news(self) -> list[Failure]:
        """The tests that have failed since the last call."""
        return self.progress.news()

    def has_ended(self) -> bool:
        """Whether it has; what takes far too long is ended here."""
        if not self._is_overdue and self.seconds > self._limit:
            self._is_overdue = True
            self.end()
        return self._reaped()

    def outcome(self) -> Outcome:
        """How it ended, as far as `news` has read."""
        assert self._usage is not None, "it has not ended"
        log = self.log.read_text(errors="replace").rstrip()
        if self._is_overdue:
            log += f"\nIt was ended: it had not finished after {self._limit} seconds."
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

    def ask_to_end(self) -> None:
        """Tell it to end as Ctrl-C does, so that fixtures are torn down; it goes on meanwhile."""
        if not self._reaped():
            os.kill(self._process.pid, signal.SIGINT)

    def end(self) -> None:
        """Ask it to end, and kill it if it does not."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if self._reaped():
                return
            os.kill(self._process.pid, number)
            end = time.monotonic() + END_SECONDS
            while not self._reaped() and time.monotonic() < end:
                time.sleep(POLL_SECONDS)

    def _reaped(self) -> bool:
        """Whether it has; then its processor time is known, which `Popen` would not keep."""
        if self._usage is None:
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self._usage = usage
        return self._usage is not None
