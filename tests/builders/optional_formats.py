"""The formats that need packages of their own, as cases of tests.

Such a case runs in the environment of `scripts/local/formats_environment.py`, where it fails if
the packages are missing; the ordinary runs leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

NAMES = ("HEIC", "JXL")
MARKS = (pytest.mark.formats, pytest.mark.long)
CASES = [pytest.param(name, marks=MARKS) for name in NAMES]


def with_optional(names: Iterable[str]) -> list[Any]:
    """A case for each of `names`, and one for each optional format."""
    return [*(name for name in names if name not in NAMES), *CASES]
