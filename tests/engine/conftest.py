"""The engine needs no service, so the fixtures that prepare services do nothing here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """The engine caches nothing outside its process."""


@pytest.fixture(autouse=True)
def _windows_stay_open() -> None:
    """The engine counts and links nothing."""


@pytest.fixture(scope="session", autouse=True)
def _media_folder() -> None:
    """The engine stores nothing."""
