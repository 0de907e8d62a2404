"""No operation and no format takes more memory than it declares."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Code and tables that are loaded once, and the granularity of pages.
SLACK = 5_000_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_operation_takes_more_memory_than_it_declares() -> None:
    at_once = {"MALLOC_MMAP_THRESHOLD_": "200000", "MALLOC_TRIM_THRESHOLD_": "200000"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.memory_probe"],
        cwd=ROOT,
        env={**os.environ, **at_once},
        capture_output=True,
        check=True,
        timeout=120,
    )
    rows = json.loads(done.stdout)
    assert len(rows) > 110
    assert [row for row in rows if row[2] > row[3] + SLACK] == []
