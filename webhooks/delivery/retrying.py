"""When a delivery that was not accepted is sent again."""

from __future__ import annotations

import random
from datetime import datetime
from email.utils import parsedate_to_datetime

# 9 seconds, then three times as long each time: 10 attempts within about 24.6 hours.
ATTEMPTS = 10
FIRST_PAUSE = 9.0
FACTOR = 3.0
JITTER = 0.2
# `Retry-After` is capped at one hour.
MAX_RETRY_AFTER = 3600.0


def pause_after(failures: int) -> float:
    """Return the seconds until the next attempt after so many failures (1, 2, ...).

    With random jitter, so that deliveries that failed together do not come back together.
    """
    usual = FIRST_PAUSE * FACTOR ** (failures - 1)
    return usual * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def parse_retry_after(header: str, now: datetime) -> float:
    """Return the seconds of a `Retry-After` header, or 0 if it is missing or invalid."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return min(max(0.0, (moment - now).total_seconds()), MAX_RETRY_AFTER)
