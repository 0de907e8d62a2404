"""No operation and no format takes more memory than it declares."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from image_processor.engine.formats import OUTPUT_FORMATS
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import OutputOperation

ROOT = Path(__file__).parents[2]

# Code and tables that are loaded once, and the granularity of pages.
SLACK = 5_000_000
MODES = ("L", "LA", "RGB", "RGBA")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_operation_takes_more_memory_than_it_declares() -> None:
    at_once = {"MALLOC_MMAP_THRESHOLD_": "200000", "MALLOC_TRIM_THRESHOLD_": "200000"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.memory_probe"],
        cwd=ROOT,
        env={**os.environ, **at_once},
        capture_output=True,
        check=True,
        timeout=900,
    )
    rows = json.loads(done.stdout)
    measured = {(row[0].split(" {")[0], row[1]) for row in rows}
    steps = [kind.name for kind in OPERATIONS if not issubclass(kind, OutputOperation)]
    for name in (*steps, *(f"write {name}" for name in OUTPUT_FORMATS)):
        assert {(name, mode) for mode in MODES} <= measured
    assert [row for row in rows if row[2] > row[3] + SLACK] == []
