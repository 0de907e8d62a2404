"""The whole service, started once for all tests that need it, as an operator starts it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.service import Service, running


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """Without rate limits."""
    with running(RATE_LIMITS="off") as started:
        yield started
