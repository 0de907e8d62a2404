"""Health checks of a service during an attack."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import httpx

from tests.chaos.figures import Figures
from tests.stack.service import Service

PAUSE_SECONDS = 0.2
GIVE_UP_SECONDS = 60


class Pulse:
    """Asks `/healthz` again and again inside its block. `slowest` is in seconds."""

    def __init__(self, service: Service) -> None:
        self._url = f"{service.url}/healthz"
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.slowest = 0.0
        self.answered = 0

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def require_within(self, figures: Figures, seconds: float) -> None:
        """Note a broken promise if there was no answer, or a late one."""
        figures.require(self.answered > 0, "no health check was answered")
        figures.require(self.slowest < seconds, f"a health check took {self.slowest:.1f} s")

    def _ask(self) -> None:
        while not self._end.is_set():
            start = time.monotonic()
            try:
                httpx.get(self._url, timeout=GIVE_UP_SECONDS).raise_for_status()
                self.answered += 1
            except httpx.TransportError:
                pass
            self.slowest = max(self.slowest, time.monotonic() - start)
            self._end.wait(PAUSE_SECONDS)
