"""Parameters of tests for the formats that need optional packages (HEIC, JPEG XL).

Only `scripts/local/installing/formats_environment.py` runs these tests, in an environment with the
packages. There a test fails, and is not skipped, if a package is missing.
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
