"""Test cases for formats that need optional packages.

These cases run in the environment of `scripts/local/formats_environment.py` only, and fail there
if the packages are missing. Ordinary runs skip them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

NAMES = ("HEIC", "JXL")
MARKS = (pytest.mark.formats, pytest.mark.long)
CASES = [pytest.param(name, marks=MARKS) for name in NAMES]


def with_optional(names: Iterable[str]) -> list[Any]:
    """Return a case for each of `names` and for each optional format."""
    return [*(name for name in names if name not in NAMES), *CASES]
