"""The time at which links expire, rounded so that an object has the same link for a while.

Browsers can then cache the objects that they fetched, and the ETag of an answer with links changes
once per window instead of once per second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class LinkWindow:
    """A window of time. All links to an object that are made within it are equal.

    These links work from `start`, when the window starts, to `end` (Unix seconds), which is their
    lifetime later. The window is half as long, so a new link works for at least half of that time.
    """

    start: int
    end: int

    @property
    def lifetime(self) -> int:
        """Seconds from start to end."""
        return self.end - self.start

    @classmethod
    def current(cls) -> LinkWindow:
        """The window of links to pictures."""
        return cls._with_lifetime(settings.LINK_LIFETIME_SECONDS)

    @classmethod
    def of_thumbnails(cls) -> LinkWindow:
        """The window of links to thumbnails, which is long: a gallery loads many at each visit."""
        return cls._with_lifetime(settings.THUMBNAIL_LINK_LIFETIME_SECONDS)

    @classmethod
    def _with_lifetime(cls, lifetime: int) -> LinkWindow:
        width = lifetime // 2
        start = int(time.time()) // width * width
        return cls(start, start + lifetime)


def link_state() -> str:
    """A text that changes whenever the links of a picture do; part of the ETags of answers."""
    return f"{LinkWindow.current().start:x}.{LinkWindow.of_thumbnails().start:x}"
