"""Tasks that take some seconds, in small steps."""

from __future__ import annotations

from typing import Any

import httpx

from tests.scripts.processes import until
from tests.stack.service import get_task


def slow_steps(number: int, *, count: int = 10) -> list[dict[str, Any]]:
    """Return steps of about half a second each for 6 megapixels; different for each number."""
    switches = dict.fromkeys(("blur", "sharpen", "detail", "smooth"), True)
    several = {"operation": "apply_filter", "params": switches}
    return [
        {"operation": "resize", "params": {"width": 2900 - number, "height": 1900}},
        *[several] * count,
    ]


def wait_until_begun(client: httpx.Client, pk: int) -> None:
    """Wait until a worker is in the middle of the task."""

    def in_the_middle() -> bool:
        shown = get_task(client, pk)
        assert shown["status"] in ("PENDING", "IN_PROGRESS"), shown
        return bool(shown["progress"] > 0)

    until(in_the_middle, f"the work on task {pk} to begin")
