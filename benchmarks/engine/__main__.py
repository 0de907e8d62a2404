"""`python -m benchmarks.engine`: medians and ratios of one run on one machine.

The ways take turns, so that a busy moment hits them all. Times are of one process that renders
again and again; libvips may use as many threads as it likes, the engine uses one.
"""

from __future__ import annotations

import argparse
import datetime
import io
import math
import os
import platform
import statistics
import time
from collections.abc import Sequence

import pyvips
from PIL import Image, ImageChops, ImageStat

from benchmarks.engine import memory, pictures
from benchmarks.engine.ways import Case, Way, all_cases
from image_processor.engine import engine_version


def alternating(ways: Sequence[Way], times: int) -> list[float]:
    """Median milliseconds of each way."""
    taken: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(times):
        for way, found in zip(ways, taken, strict=True):
            start = time.perf_counter()
            way()
            found.append((time.perf_counter() - start) * 1000)
    return [statistics.median(found) for found in taken]


def psnr(data: bytes, reference: Image.Image) -> float:
    """Of a file against a picture, in dB."""
    image = Image.open(io.BytesIO(data)).convert(reference.mode)
    squares = ImageStat.Stat(ImageChops.difference(image, reference)).sum2
    error = sum(squares) / (image.width * image.height * len(squares))
    return 10 * math.log10(255**2 / error) if error else math.inf


def quality(case: Case, source: bytes) -> str:
    """PSNR of the engine's and of libvips' result against Lanczos on the full-size pixels."""
    if case.size is None or case.libvips is None:
        return ""
    full = Image.open(io.BytesIO(source)).convert("RGB")
    reference = full.resize(case.size, Image.Resampling.LANCZOS)
    ours, theirs = psnr(case.engine(), reference), psnr(case.libvips(), reference)
    return f"{ours:.2f} / {theirs:.2f} dB"


def speed(times: int) -> None:
    photo, large = pictures.jpeg(), pictures.png()
    print(f"{'':36}{'engine':>8}{'libvips':>9}{'ratio':>7}{'Pillow':>8}{'ratio':>7}  PSNR")
    medians: dict[str, float] = {}
    for case in all_cases(photo, large):
        ways = [way for way in (case.engine, case.libvips, case.pillow) if way is not None]
        found = alternating(ways, times)
        medians[case.name] = found[0]
        row = f"{case.name:36}{found[0]:8.1f}"
        for rival in found[1:]:
            row += f"{rival:9.1f}{found[0] / rival:6.2f}x" if rival else ""
        print(row + "  " + quality(case, large if "PNG" in case.name else photo))
    one, eight = (
        medians[f"12 MP JPEG, {n} colour step{s}"] for n, s in (("one", ""), ("eight", "s"))
    )
    print(f"eight colour steps against one: {eight / one:.2f}x")


def peaks() -> None:
    data = pictures.jpeg(*memory.LARGE)
    print(f"\n{'each in a process of its own':36}{'peak MB':>8}{'planned':>9}")
    for name in memory.PIPELINES:
        peak, planned = memory.measure(name, data)
        print(f"{name:36}{peak / 1e6:8.0f}{planned / 1e6:9.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--only", choices=["speed", "memory"])
    options = parser.parse_args()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    print(f"{today}, {platform.machine()}, {os.cpu_count()} processors, {platform.system()}")
    print(f"pyvips {pyvips.__version__}, {engine_version()}; medians in ms\n")
    if options.only != "memory":
        speed(options.times)
    if options.only != "speed":
        peaks()


if __name__ == "__main__":
    main()
