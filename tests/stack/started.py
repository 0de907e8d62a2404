"""The whole service, started once for all tests that need it, as an operator starts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.small_disk import NoSmallDisk, small_disk
from tests.stack.service import Service, running


@pytest.fixture(scope="session")
def disk() -> Iterator[Path | None]:
    """A small file system for the service's images; None where the machine allows none."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(small_disk(megabytes=512))
        except NoSmallDisk:
            folder = None
        yield folder


@pytest.fixture(scope="session")
def service(disk: Path | None) -> Iterator[Service]:
    """Without rate limits."""
    place = {"MEDIA_ROOT": str(disk)} if disk else {}
    with running(RATE_LIMITS="off", **place) as started:
        yield started
