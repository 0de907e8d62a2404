"""Measure peak memory: `python -m benchmarks.engine.memory NAME` runs one case in this process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.engine import pictures
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Group

LARGE = (
    10_000,
    5_000,
)  # the largest number of pixels and the largest width that the service accepts
SOURCES: dict[str, Callable[..., bytes]] = {
    "baseline": pictures.jpeg,
    "progressive": partial(pictures.jpeg, progressive=True),
    "alpha": pictures.with_alpha,
}


class Case(NamedTuple):
    """Steps on a picture of the largest size, and their memory budget in megabytes."""

    steps: list[dict[str, Any]]
    budget: int
    source: str = "baseline"


def _step(operation: str, **params: Any) -> list[dict[str, Any]]:
    return [{"operation": operation, "params": params}]


# For a progressive file, a decoder always holds the coefficients at full size.
SCALED, SCALED_PROGRESSIVE, FILTERED, ARTISTIC = 250, 410, 700, 900
WIDEST = {"oil_painting": 3, "watercolor": 3}

CASES: dict[str, Case] = {
    "800 px wide": Case(_step("resize", width=800), SCALED),
    "cover 800x800": Case(_step("resize", width=800, height=800, fit="cover"), SCALED),
    "800 px wide, progressive": Case(_step("resize", width=800), SCALED_PROGRESSIVE, "progressive"),
    "quarter turn": Case(_step("rotate", degrees=90), FILTERED),
    "gray and emboss": Case(_step("apply_filter", grayscale=True, emboss=True), FILTERED),
    "edges": Case(_step("apply_filter", edges=True), FILTERED),
    **{
        kind.name: Case(_step(kind.name, **kind.example), FILTERED)
        for kind in OPERATIONS
        if kind.group in (Group.TONE, Group.FILTERS)
    },
    **{
        f"{kind.name}{suffix}": Case(_step(kind.name), ARTISTIC, source)
        for kind in OPERATIONS
        if kind.group is Group.ARTISTIC
        for suffix, source in (("", "baseline"), (", with alpha", "alpha"))
    },
    **{
        f"{name}, widest brush, with alpha": Case(_step(name, brush_size=size), ARTISTIC, "alpha")
        for name, size in WIDEST.items()
    },
}


class Peak(NamedTuple):
    """The measured and the planned peak memory of a case, in bytes."""

    name: str
    measured: int
    planned: int
    budget: int

    @property
    def is_kept(self) -> bool:
        return self.measured <= self.budget


def peaks() -> Iterator[Peak]:
    """Run each case in a new process. The source is a JPEG, or a PNG if it has alpha."""
    files = {name: make(*LARGE) for name, make in SOURCES.items()}
    for name, case in CASES.items():
        command = [sys.executable, "-m", "benchmarks.engine.memory", name]
        data = files[case.source]
        result = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
        yield Peak(name, *json.loads(result.stdout), case.budget * 1_000_000)


def measure(name: str, data: bytes) -> tuple[int, int]:
    """Return the peak memory of this process (with the engine and the file) and of the plan."""
    from benchmarks.engine.cases import LIMITS
    from image_processor.engine import Pipeline, inspect, plan, render

    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(CASES[name].steps)
    render(data, facts, pipeline, LIMITS)
    # Not `getrusage`: its value is never below the parent's memory at the start of this process.
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024, plan(facts, pipeline, LIMITS).peak_bytes


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.stdin.buffer.read())))
