"""The whole service, started once with `scripts/up` for all tests that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.small_disk import NoSmallDisk, small_disk
from tests.stack.service import Service, start_service


@pytest.fixture(scope="session")
def disk() -> Iterator[Path | None]:
    """A small file system for the service's images; None if the machine allows none."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(small_disk(megabytes=512))
        except NoSmallDisk:
            folder = None
        yield folder


@pytest.fixture(scope="session")
def service(disk: Path | None) -> Iterator[Service]:
    """The service without rate limits."""
    place = {"MEDIA_ROOT": str(disk)} if disk else {}
    with start_service(RATE_LIMITS="off", **place) as started:
        yield started
