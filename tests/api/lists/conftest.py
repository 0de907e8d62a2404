"""The two ways in which the database finds the rows of a list."""

from __future__ import annotations

from typing import Any

import pytest

from api.lists import listing


@pytest.fixture(params=["few rows", "many rows"])
def both_strategies(request: Any, monkeypatch: Any) -> None:
    """Run the test twice: rows are scanned in order, and rows are found by the filters' indexes."""
    if request.param == "many rows":
        monkeypatch.setattr(listing, "LOOKED_THROUGH", 1)
