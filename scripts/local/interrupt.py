"""Ctrl-C, SIGTERM and a closed terminal, noted instead of acted on at a random place."""

import signal
from types import FrameType

from scripts.local.errors import StopRequested

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupt:
    """Remembers that the person wants everything to stop.

    `hurried` says that they asked again: stopping in order takes too long for them.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self.hurried = False
        self._asked = False

    def install(self) -> None:
        """Note signals from now on; who waits has to look."""
        for number in SIGNALS:
            signal.signal(number, self._note)

    @property
    def requested(self) -> bool:
        """Whether a signal arrived."""
        return self.signal is not None

    def check(self) -> None:
        """Raise StopRequested when a signal arrived."""
        if self.signal is not None:
            raise StopRequested(self.signal.name)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = self.signal or signal.Signals(number)
        # SIGHUP tells of a closed terminal, often twice or beside SIGTERM: that is no hurry.
        if number != signal.SIGHUP:
            self.hurried = self._asked
            self._asked = True
