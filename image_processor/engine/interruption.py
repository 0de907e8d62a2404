"""Stopping long work: when its time is up, or when whoever asked for it wants it no more.

Python cannot break off a codec or a filter. Work is stopped between steps, frames, strips and
the tries of a search instead; `stop_if_asked` marks such a place, however deep it lies.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar, Token
from dataclasses import dataclass
from types import TracebackType

from image_processor.engine.errors import TookTooLong

Checkpoint = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When work has to end: `at` by `time.monotonic`, `seconds` after it was set."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """So many seconds from now."""
        return cls(seconds, time.monotonic() + seconds)

    def check(self) -> None:
        """Raises TookTooLong when it is over."""
        if time.monotonic() >= self.at:
            detail = f"The work took longer than {self.seconds:g} seconds."
            raise TookTooLong(detail, limit=self.seconds)


def no_checkpoint(progress: float) -> None:
    """The checkpoint of work that nobody watches."""


class Watch:
    """Passes progress (0..1) on to `checkpoint`, unless the deadline is over.

    As a context manager it is what `stop_if_asked` asks; whatever either raises stops the work.
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

    def again(self) -> None:
        """As far as before, and still going on."""
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


def stop_if_asked() -> None:
    """A place where work may be stopped; it does nothing outside of a render and in its threads."""
    watch = _CURRENT.get()
    if watch is not None:
        watch.again()
