"""Detect whether the client may have gone, also while a response waits for something."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from rest_framework.request import Request

# Where the web server puts the `threading.Event` that it sets when the client sends nothing more.
KEY = "client.ended"
SLICE_SECONDS = 1.0


def wait_slices(request: Request, seconds: float) -> Iterator[float]:
    """Split a wait into slices of at most `SLICE_SECONDS`, each to be spent by the caller.

    Ends when the seconds have passed, or before a slice when the client may have gone.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not may_be_gone(request):
        yield min(SLICE_SECONDS, left)


def may_be_gone(request: Request) -> bool:
    """Return whether the client has closed the connection, or only its sending side.

    The two look the same until the server sends something. A client that still reads gets its
    answer, but nothing waits for it. A proxy in front of the service closes its connection when
    its own client disconnects. False if another server than `image_processing_service.web` runs
    the application.
    """
    ended: threading.Event | None = request.META.get(KEY)
    return ended is not None and ended.is_set()
