"""How many mails one mailbox gets, whoever asks for them."""

from __future__ import annotations

import hashlib

from django.conf import settings

from accounts.normal_forms import normalize_email
from utils.rate_counts import count_request

_LIMITS = ("mails_a_minute", "mails_an_hour")  # keys of settings.THROTTLE_RATES


def count_mail(kind: str, address: str) -> bool:
    """Count a mail of a kind to an address; return whether it is within the limits.

    The cache gets a digest instead of the address.
    """
    if not settings.RATE_LIMITS:
        return True
    who = f"{kind}:{hashlib.sha256(normalize_email(address).encode()).hexdigest()}"
    # Stops at the first limit, so that mails which were not sent do not count in the hour.
    counts = (count_request(limit, who) for limit in _LIMITS)
    return all(count.used <= count.limit for count in counts)
