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
# What a receiver may ask for by `Retry-After`; longer is answered with the usual pause or this.
MOST_ASKED = 3600.0


def pause_after(failures: int) -> float:
    """Seconds until the next attempt after so many failures (1, 2, ...), a little by chance.

    By chance, so that what failed together does not all come back together.
    """
    usual = FIRST_PAUSE * FACTOR ** (failures - 1)
    return usual * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def asked_pause(retry_after: str, now: datetime) -> float:
    """Seconds that a `Retry-After` header asks for, at most `MOST_ASKED`; 0 if it asks nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:10]), MOST_ASKED)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return min(max(0.0, (moment - now).total_seconds()), MOST_ASKED)
