"""Signals that ask a script to stop: Ctrl-C, SIGTERM and a closed terminal.

A signal only leaves a note, which the script reads at places where stopping is safe.
"""

import signal
from collections.abc import Callable
from types import FrameType

from scripts.local.terminal import StartError, say

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """A signal asked the script to stop; the current wait is abandoned."""


class Interrupt:
    """Remembers the first signal that asked the script to stop.

    `is_urgent` is True after a second request: stopping in order takes too long for the person.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self.is_urgent = False
        self._was_requested = False

    def install(self) -> None:
        """Handle the signals from now on. Code that waits has to call `check`."""
        for number in SIGNALS:
            signal.signal(number, self._note)

    @property
    def requested(self) -> bool:
        """Whether a signal has arrived."""
        return self.signal is not None

    def check(self) -> None:
        """Raise StopRequested when a signal has arrived."""
        if self.signal is not None:
            raise StopRequested(self.signal.name)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = self.signal or signal.Signals(number)
        # SIGHUP means a closed terminal and often comes twice or with SIGTERM: no second request.
        if number != signal.SIGHUP:
            self.is_urgent = self._was_requested
            self._was_requested = True


def run_until_stopped(work: Callable[[Interrupt], int], *, status_when_stopped: int = 130) -> int:
    """Do the work of a script and return the script's exit status.

    A StartError is printed and gives status 1.
    """
    interrupt = Interrupt()
    interrupt.install()
    try:
        return work(interrupt)
    except StartError as error:
        say(str(error))
        return 1
    except StopRequested:
        return status_when_stopped
