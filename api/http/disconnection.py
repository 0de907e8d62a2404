"""Detect whether the client has disconnected, also while a response waits for something."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from rest_framework.request import Request

# Where the web server puts the `threading.Event` that it sets when the client has disconnected.
KEY = "client.gone"
SLICE_SECONDS = 1.0


def wait_slices(request: Request, seconds: float) -> Iterator[float]:
    """Split a wait into slices of at most `SLICE_SECONDS`, each to be spent by the caller.

    Ends when the seconds have passed, or before a slice when the client has disconnected.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not is_gone(request):
        yield min(SLICE_SECONDS, left)


def is_gone(request: Request) -> bool:
    """Return whether the client has closed the connection.

    False if another server than `image_processing_service.web` runs the application. A proxy in
    front of the service closes its connection when its own client disconnects.
    """
    gone: threading.Event | None = request.META.get(KEY)
    return gone is not None and gone.is_set()
