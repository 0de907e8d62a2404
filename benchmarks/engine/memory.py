"""Peak memory of one render in a process of its own: `python -m benchmarks.engine.memory NAME`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.engine import pictures
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Group

LARGE = (10_000, 5_000)  # as many pixels, and as wide, as is accepted


class Case(NamedTuple):
    """Steps on a picture of the largest size, and the megabytes that they may take."""

    steps: list[dict[str, Any]]
    budget: int
    alpha: bool = False


def _of(operation: str, **params: Any) -> list[dict[str, Any]]:
    return [{"operation": operation, "params": params}]


SCALED, FILTERED, ARTISTIC = 250, 700, 900
CASES: dict[str, Case] = {
    "800 px wide": Case(_of("resize", width=800), SCALED),
    "cover 800x800": Case(_of("resize", width=800, height=800, fit="cover"), SCALED),
    "quarter turn": Case(_of("rotate", degrees=90), FILTERED),
    "sepia": Case(_of("sepia"), FILTERED),
    "gray and emboss": Case(_of("apply_filter", grayscale=True, emboss=True), FILTERED),
    "blur": Case(_of("blur", radius=4), FILTERED),
    "sharpen": Case(_of("sharpen"), FILTERED),
    "denoise": Case(_of("denoise"), FILTERED),
    "vignette": Case(_of("vignette"), FILTERED),
    "pixelate": Case(_of("pixelate", size=20), FILTERED),
    "edges": Case(_of("apply_filter", edges=True), FILTERED),
    **{
        f"{kind.name}{suffix}": Case(_of(kind.name), ARTISTIC, alpha)
        for kind in OPERATIONS
        if kind.group is Group.ARTISTIC
        for suffix, alpha in (("", False), (", with alpha", True))
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
    """Each case in a process of its own: a baseline JPEG, or a PNG where there is alpha."""
    opaque, alpha = pictures.jpeg(*LARGE), pictures.with_alpha(*LARGE)
    for name, case in CASES.items():
        command = [sys.executable, "-m", "benchmarks.engine.memory", name]
        data = alpha if case.alpha else opaque
        done = subprocess.run(command, input=data, capture_output=True, check=True)
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
