"""A batch whose workers are killed, and its ZIP: the short version of `tests.chaos.batch`."""

from __future__ import annotations

import httpx
import pytest

from tests.chaos import batch
from tests.stack.service import Service

pytestmark = pytest.mark.stack


def test_a_batch_outlives_its_workers(service: Service, client: httpx.Client) -> None:
    lines: list[str] = []
    batch.run(service, client, images=30, kills=1, hurry=True, say=lines.append)
    assert "all counts right" in lines[1]
