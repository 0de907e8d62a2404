"""Scripts that run beside a test, and the processes that they leave."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from scripts.local.checkout import ROOT

DEADLINE = 300  # seconds; longer than anything takes on a slow machine


class Started:
    """A running script. Its output goes to files."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.out = folder / "stdout"
        self.err = folder / "stderr"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=out, stderr=err, start_new_session=True
            )

    def await_line(self, start: str) -> str:
        """Wait until it has printed a line with this start, and return the line."""

        def found() -> str | None:
            lines = self.out.read_text().splitlines(keepends=True)
            return next((x for x in lines if x.startswith(start) and x.endswith("\n")), None)

        until(lambda: found() or self.process.poll() is not None, f"a line {start!r}")
        line = found()
        assert line, f"it ended with {self.process.returncode}: {self.err.read_text()}"
        return line.strip()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and return the exit status."""
        self.process.send_signal(number)
        return self.exit_status()

    def exit_status(self) -> int:
        """Wait until it has ended, and return the exit status."""
        return self.process.wait(DEADLINE)


def until(
    condition: Callable[[], object], what: str, within: float = DEADLINE, *, pause: float = 0.05
) -> None:
    """Wait until a condition holds that another process or thread changes."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(pause)


def processes_of(data: Path) -> list[str]:
    """Return the command lines of all processes that use the data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            place = os.fsencode((process / "cwd").readlink())
            traces = command + place + (process / "environ").read_bytes()
        except OSError:  # it has ended, or belongs to another account
            continue
        if int(process.name) != os.getpid() and os.fsencode(data) in traces:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


Start = Callable[..., Started]
