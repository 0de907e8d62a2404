"""What the commands share: the line that they print and the status that they end with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from tests.chaos.figures import Figures
from tests.stack.service import Service, running


def report(scenario: Callable[[Service], Figures]) -> NoReturn:
    """Run a scenario against a service of its own, print its line, end with 0 or 1."""
    with running() as service:
        end(scenario(service))


def end(figures: Figures) -> NoReturn:
    """Print the line; end with 1 when a promise was broken."""
    print(figures)
    sys.exit(1 if figures.broken else 0)
