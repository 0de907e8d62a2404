"""The memory of this process, before and while some work runs."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

# What, mode, measured bytes, declared bytes.
Row = tuple[str, str, int, int]

SIZE = (1200, 900)


def status(name: str) -> int:
    """A memory figure of this process in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise KeyError(name)


def peak_of(work: Callable[[], object]) -> int:
    """How far memory rose while `work` ran."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    work()
    return status("VmHWM") - before
