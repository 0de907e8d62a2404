"""`python -m benchmarks.engine`: compare the engine with libvips and Pillow on this machine.

Engine and libvips take turns, so that a busy moment affects both. Plain Pillow runs afterwards,
because it allocates and frees large blocks of memory, which slows down the next renderer. One
process renders repeatedly. Each time is the wall time, and in brackets the processor time. libvips
may use any number of threads, the engine uses one. The two ratios divide the engine's wall time
and processor time by the other's; the ratio of processor times is also valid on a busy machine.
"""

from __future__ import annotations

import argparse
import datetime
import io
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import pyvips
from PIL import Image, ImageChops, ImageStat

from benchmarks.engine import memory, pictures
from benchmarks.engine.cases import Case, Render, all_cases
from image_processor.engine import engine_version
from tests.engine import memory_probe


class Times(NamedTuple):
    """Milliseconds of wall time, and of processor time over all threads."""

    wall: float
    processor: float


def measure_alternately(renders: Sequence[Render], repetitions: int) -> list[Times]:
    """Run the functions in turn and return the median times of each."""
    samples: list[list[Times]] = [[] for _ in renders]
    for render in renders:
        render()
    for _ in range(repetitions):
        for render, own_samples in zip(renders, samples, strict=True):
            wall_start, processor_start = time.perf_counter(), time.process_time()
            render()
            wall = time.perf_counter() - wall_start
            processor = time.process_time() - processor_start
            own_samples.append(Times(wall * 1000, processor * 1000))
    return [
        Times(*(statistics.median(column) for column in zip(*own_samples, strict=True)))
        for own_samples in samples
    ]


def psnr(data: bytes, reference: Image.Image) -> float:
    """Return the peak signal-to-noise ratio of a file to a reference, in dB."""
    image = Image.open(io.BytesIO(data)).convert(reference.mode)
    squares = ImageStat.Stat(ImageChops.difference(image, reference)).sum2
    error = sum(squares) / (image.width * image.height * len(squares))
    return 10 * math.log10(255**2 / error) if error else math.inf


def quality(case: Case, source: bytes) -> str:
    """Return the PSNR of the engine and of libvips to Lanczos on the full-size pixels."""
    if case.size is None or case.libvips is None:
        return ""
    full = Image.open(io.BytesIO(source)).convert("RGB")
    reference = full.resize(case.size, Image.Resampling.LANCZOS)
    engine, libvips = psnr(case.engine(), reference), psnr(case.libvips(), reference)
    return f"{engine:.2f} / {libvips:.2f} dB"


def print_speed(repetitions: int) -> None:
    photo, large = pictures.jpeg(), pictures.png()
    print(f"{'':36}{'engine':>14}{'libvips':>27}{'Pillow':>27}   PSNR engine / libvips")
    medians: dict[str, Times] = {}
    for case in all_cases(photo, large):
        renders = [case.engine, *filter(None, [case.libvips])]
        engine, *others = measure_alternately(renders, repetitions)
        others += measure_alternately([case.pillow], repetitions) if case.pillow else []
        medians[case.name] = engine
        row = f"{case.name:36}{engine.wall:7.0f} ({engine.processor:4.0f})"
        for other in others:
            row += f"{other.wall:8.0f} ({other.processor:4.0f}) {_ratio(engine, other)}"
        source = large if "PNG" in case.name else photo
        parts = [row, quality(case, source), compare_with_budget(case, engine)]
        print("   ".join(filter(None, parts)), flush=True)
    one, eight = (medians[f"12 MP JPEG, {name}"] for name in ("one colour step", "8 colour steps"))
    print(f"8 chained colour steps compared with one: {_ratio(eight, one)}")


def compare_with_budget(case: Case, times: Times) -> str:
    """Compare the wall time with the case's budget, which is for two idle processors."""
    if case.budget is None:
        return ""
    return f"budget {case.budget} ms {_verdict(times.wall <= case.budget)}"


def _verdict(is_kept: bool) -> str:
    return "kept" if is_kept else "EXCEEDED"


def _ratio(one: Times, other: Times) -> str:
    return f"{one.wall / other.wall:4.2f} {one.processor / other.processor:4.2f}x"


def check_peaks() -> bool:
    """Print the peak memory of each case. Return whether every budget is kept."""
    width, height = memory.LARGE
    head = f"{width}x{height}, one process for each"
    print(f"\n{head:40}{'peak MB':>8}{'planned':>9}{'budget':>8}")
    all_kept = True
    for peak in memory.peaks():
        numbers = f"{peak.measured / 1e6:8.0f}{peak.planned / 1e6:9.0f}{peak.budget / 1e6:8.0f}"
        print(f"{peak.name:40}{numbers}  {_verdict(peak.is_kept)}", flush=True)
        all_kept &= peak.is_kept
    return all_kept


def check_declarations() -> bool:
    """Measure all operations and writers. Return whether none takes more memory than it declares.

    Prints for each the case that comes nearest to its declaration, in bytes per pixel of the larger
    picture.
    """
    width, height = memory_probe.SIZE
    print(f"\n{f'{width}x{height}, bytes per pixel':40}{'mode':>6}{'measured':>10}{'declared':>10}")
    nearest: dict[str, tuple[str, str, int, int]] = {}
    exceeded = 0
    for row in (row for part in memory_probe.PARTS for row in memory_probe.rows(part, every=True)):
        name, _, measured, declared = row
        exceeded += measured > declared + memory_probe.SLACK
        kind = name.split(" {")[0]
        if kind not in nearest or measured / declared > nearest[kind][2] / nearest[kind][3]:
            nearest[kind] = row
    pixels = width * height
    for kind, (_, mode, measured, declared) in sorted(nearest.items()):
        print(f"{kind[:39]:40}{mode:>6}{measured / pixels:10.1f}{declared / pixels:10.1f}")
    print(f"{exceeded} cases exceed their declaration by more than {memory_probe.SLACK:,} bytes")
    return not exceeded


def main() -> int:
    """Print all figures. Return 1 if a memory budget is exceeded; people judge the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9, help="repetitions of each case")
    parser.add_argument("--only", choices=["speed", "memory"])
    options = parser.parse_args()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    print(f"{today}, {platform.machine()}, {os.cpu_count()} processors, {platform.system()}")
    print(f"pyvips {pyvips.__version__}, {engine_version()}; medians in ms\n")
    if options.only != "memory":
        print_speed(options.times)
    if options.only == "speed":
        return 0
    results = [check_peaks(), check_declarations()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
