"""Peak memory of one render in a process of its own: `python -m benchmarks.engine.memory NAME`."""

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

LARGE = (10_000, 5_000)  # as many pixels, and as wide, as is accepted
SOURCES: dict[str, Callable[..., bytes]] = {
    "baseline": pictures.jpeg,
    "progressive": partial(pictures.jpeg, progressive=True),
    "alpha": pictures.with_alpha,
}


class Case(NamedTuple):
    """Steps on a picture of the largest size, and the megabytes that they may take."""

    steps: list[dict[str, Any]]
    budget: int
    source: str = "baseline"


def _of(operation: str, **params: Any) -> list[dict[str, Any]]:
    return [{"operation": operation, "params": params}]


# A decoder holds the coefficients of a progressive file at full size, whatever is asked of it.
SCALED, SCALED_PROGRESSIVE, FILTERED, ARTISTIC = 250, 410, 700, 900
WIDEST = {"oil_painting": 3, "watercolor": 3}

CASES: dict[str, Case] = {
    "800 px wide": Case(_of("resize", width=800), SCALED),
    "cover 800x800": Case(_of("resize", width=800, height=800, fit="cover"), SCALED),
    "800 px wide, progressive": Case(_of("resize", width=800), SCALED_PROGRESSIVE, "progressive"),
    "quarter turn": Case(_of("rotate", degrees=90), FILTERED),
    "gray and emboss": Case(_of("apply_filter", grayscale=True, emboss=True), FILTERED),
    "edges": Case(_of("apply_filter", edges=True), FILTERED),
    **{
        kind.name: Case(_of(kind.name, **kind.example), FILTERED)
        for kind in OPERATIONS
        if kind.group in (Group.TONE, Group.FILTERS)
    },
    **{
        f"{kind.name}{suffix}": Case(_of(kind.name), ARTISTIC, source)
        for kind in OPERATIONS
        if kind.group is Group.ARTISTIC
        for suffix, source in (("", "baseline"), (", with alpha", "alpha"))
    },
    **{
        f"{name}, widest brush, with alpha": Case(_of(name, brush_size=size), ARTISTIC, "alpha")
        for name, size in WIDEST.items()
    },
}


class Peak(NamedTuple):
    """What one case took and what was planned for it, in bytes."""

    name: str
    taken: int
    planned: int
    budget: int

    @property
    def holds(self) -> bool:
        return self.taken <= self.budget


def peaks() -> Iterator[Peak]:
    """Each case in a process of its own: a JPEG, or a PNG where there is alpha."""
    files = {name: make(*LARGE) for name, make in SOURCES.items()}
    for name, case in CASES.items():
        command = [sys.executable, "-m", "benchmarks.engine.memory", name]
        done = subprocess.run(command, input=files[case.source], stdout=subprocess.PIPE, check=True)
        yield Peak(name, *json.loads(done.stdout), case.budget * 1_000_000)


def one(name: str, data: bytes) -> tuple[int, int]:
    """Peak of the process, which has imported the engine and holds the file, and the plan's."""
    from benchmarks.engine.ways import LIMITS
    from image_processor.engine import Pipeline, inspect, plan, render

    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(CASES[name].steps)
    render(data, facts, pipeline, LIMITS)
    # Not `getrusage`: that is never below what the parent held when it started this process.
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024, plan(facts, pipeline, LIMITS).peak_bytes


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], sys.stdin.buffer.read())))
