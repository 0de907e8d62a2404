"""The moment at which a client sends nothing more, as the web server tells its threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


class ClientEnd:
    """Whether the client has closed the connection, or only its sending side.

    The event loop of the web server calls `set`, so `set` waits for nothing.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._calls: list[Callable[[], None]] = []

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait at most so many seconds; return whether the client has ended."""
        return self._event.wait(seconds)

    def set(self) -> None:
        """Note the end, and have the registered calls made in threads of their own."""
        with self._lock:
            calls = [] if self.is_set() else self._calls.copy()
            self._event.set()
        for call in calls:
            try:
                threading.Thread(target=call, name="client-end", daemon=True).start()
            except RuntimeError:  # the system has no more threads; the wait has its own end
                log.warning("client_end_not_told")

    @contextmanager
    def calling(self, call: Callable[[], None]) -> Iterator[None]:
        """Have `call` made once if the client ends within the block, or has ended before."""
        with self._lock:
            is_late = self.is_set()
            self._calls.append(call)
        try:
            if is_late:
                call()
            yield
        finally:
            with self._lock:
                self._calls.remove(call)
