"""Detect whether the client may have gone, also while a response waits for something."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

from rest_framework.request import Request

from api.http.client_end import ClientEnd

# Where the web server puts the `ClientEnd` of the connection.
KEY = "client.ended"
SLICE_SECONDS = 1.0


def wait_slices(request: Request, seconds: float) -> Iterator[float]:
    """Split a wait into slices of at most `SLICE_SECONDS`, each to be spent by the caller.

    Ends when the seconds have passed, or before a slice when the client may have gone.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not may_be_gone(request):
        yield min(SLICE_SECONDS, left)


def calling_at_end(request: Request, call: Callable[[], None]) -> AbstractContextManager[None]:
    """Have `call` made, in another thread, if the client may have gone within the block.

    So one blocking wait is enough where something can end it from outside.
    """
    end = _end_of(request)
    return nullcontext() if end is None else end.calling(call)


def may_be_gone(request: Request) -> bool:
    """Return whether the client has closed the connection, or only its sending side.

    The two look the same until the server sends something. A client that still reads gets its
    answer, but nothing waits for it. A proxy in front of the service closes its connection when
    its own client disconnects. False if another server than `image_processing_service.web` runs
    the application.
    """
    end = _end_of(request)
    return end is not None and end.is_set()


def _end_of(request: Request) -> ClientEnd | None:
    end: ClientEnd | None = request.META.get(KEY)
    return end
