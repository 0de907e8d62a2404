"""Stopping work that takes long: at its deadline, or when its checkpoint raises.

Python cannot interrupt a codec or a filter. Work is stopped between steps, frames, strips and
encoding attempts instead. Code at any depth marks such a place by calling `stop_if_requested`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar, Token
from dataclasses import dataclass
from types import TracebackType

from image_processor.engine.errors import TookTooLong

# Receives the progress, 0..1. It stops the work by raising.
Checkpoint = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the time that work may take: `at` on the monotonic clock, after `seconds`."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The deadline `seconds` from now."""
        return cls(seconds, time.monotonic() + seconds)

    def check(self) -> None:
        """Raise TookTooLong if the deadline has passed."""
        if time.monotonic() >= self.at:
            detail = f"The work took longer than {self.seconds:g} seconds."
            raise TookTooLong(detail, limit=self.seconds)


def no_checkpoint(progress: float) -> None:
    """A checkpoint that never stops the work."""


class Watch:
    """Check the deadline, then report progress to the checkpoint. Either may raise.

    `stop_if_requested` uses the watch whose `with` block it runs in.
    """

    def __init__(self, checkpoint: Checkpoint, deadline: Deadline | None) -> None:
        self._checkpoint = checkpoint
        self._deadline = deadline
        self._progress = 0.0
        self._token: Token[Watch | None] | None = None

    def __call__(self, progress: float) -> None:
        self._progress = progress
        if self._deadline is not None:
            self._deadline.check()
        self._checkpoint(progress)

    def repeat(self) -> None:
        """Report the last progress again."""
        self(self._progress)

    def __enter__(self) -> Watch:
        self._token = _CURRENT.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._token is not None
        _CURRENT.reset(self._token)


_CURRENT: ContextVar[Watch | None] = ContextVar("watch", default=None)


def stop_if_requested() -> None:
    """Raise if the current render has to stop. Does nothing outside of a render's own thread."""
    watch = _CURRENT.get()
    if watch is not None:
        watch.repeat()
