"""Work of some seconds in small steps."""

from __future__ import annotations

from typing import Any

import httpx

from tests.scripts.processes import until
from tests.stack.service import task


def slow_steps(number: int, *, count: int = 10) -> list[dict[str, Any]]:
    """About half a second a step for a picture of 6 megapixels; different for each number."""
    switches = dict.fromkeys(("blur", "sharpen", "detail", "smooth"), True)
    several = {"operation": "apply_filter", "params": switches}
    return [
        {"operation": "resize", "params": {"width": 2900 - number, "height": 1900}},
        *[several] * count,
    ]


def begun(client: httpx.Client, pk: int) -> None:
    """Wait until somebody is in the middle of the task."""

    def in_the_middle() -> bool:
        shown = task(client, pk)
        assert shown["status"] in ("PENDING", "IN_PROGRESS"), shown
        return bool(shown["progress"] > 0)

    until(in_the_middle, f"the work on task {pk} to begin")
