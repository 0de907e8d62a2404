"""What the commands share: the service they start, the line they print, the status they end with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.chaos.figures import Figures
from tests.stack.service import Service, running

# Rates as high as no one reaches: counted all the same, since a fault may hit the counter.
UNREACHED = "1000000/minute"
SETTINGS = {
    "ACCESS_TOKEN_LIFETIME": "120",
    **{
        f"{name}_THROTTLE_RATE": UNREACHED
        for name in ("ANON", "USER", "REGISTRATION", "UPLOAD", "TRANSFORM")
    },
}


@contextmanager
def chaotic_service(**settings: str) -> Iterator[Service]:
    """A service for which rates and tokens last."""
    with running(**SETTINGS, **settings) as service:
        yield service


def report(scenario: Callable[[Service], Figures], **settings: str) -> None:
    """Run a scenario against a service of its own, print its line, end with 0 or 1."""
    with chaotic_service(**settings) as service:
        figures = scenario(service)
    print(figures)
    sys.exit(1 if figures.broken else 0)
