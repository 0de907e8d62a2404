"""How many requests of this process may be held open at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Places:
    """At most `settings.MAX_WAITING_REQUESTS`; who comes then is told so at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Hold a place inside the block; False where there is none."""
        with self._lock:
            free = self._taken < settings.MAX_WAITING_REQUESTS
            self._taken += free
        try:
            yield free
        finally:
            with self._lock:
                self._taken -= free
