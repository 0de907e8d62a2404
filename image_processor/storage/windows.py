"""When links expire: rounded, so that an object has the same link for a while.

Browsers can then cache what they fetched, and an answer's ETag changes once a window, not once a
second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class LinkWindow:
    """Links made in this window start at `start` and end at `end` (Unix times, seconds).

    They live for `LINK_LIFETIME_SECONDS` from the start of the window, which is half as long: so
    a link that was just handed out works for at least half of that time.
    """

    start: int
    end: int

    @property
    def lifetime(self) -> int:
        """Seconds from start to end."""
        return self.end - self.start

    @classmethod
    def current(cls) -> LinkWindow:
        lifetime: int = settings.LINK_LIFETIME_SECONDS
        width = lifetime // 2
        start = int(time.time()) // width * width
        return cls(start, start + lifetime)
