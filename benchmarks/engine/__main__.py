"""`python -m benchmarks.engine`: medians and ratios of one run on one machine.

Engine and libvips take turns, so that a busy moment hits both; plain Pillow follows, because the
large blocks of memory that it takes and gives back slow down whoever comes next. Times are of one
process that renders again and again: as seen, and in brackets the processor's. libvips may use as
many threads as it likes, the engine uses one. Ratios are of the engine's time to the other's, as
seen and of the processor's; the latter holds on a busy machine, too.
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
from benchmarks.engine.ways import Case, Way, all_cases
from image_processor.engine import engine_version
from tests.engine import memory_probe


class Taken(NamedTuple):
    """Median milliseconds: as seen, and of processor time over all threads."""

    seen: float
    processor: float


def alternating(ways: Sequence[Way], times: int) -> list[Taken]:
    """What each way takes."""
    taken: list[list[Taken]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(times):
        for way, found in zip(ways, taken, strict=True):
            start, worked = time.perf_counter(), time.process_time()
            way()
            seen, processor = time.perf_counter() - start, time.process_time() - worked
            found.append(Taken(seen * 1000, processor * 1000))
    return [
        Taken(*(statistics.median(column) for column in zip(*found, strict=True)))
        for found in taken
    ]


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
    print(f"{'':36}{'engine':>14}{'libvips':>27}{'Pillow':>27}   PSNR engine / libvips")
    medians: dict[str, Taken] = {}
    for case in all_cases(photo, large):
        ours, *rivals = alternating([case.engine, *filter(None, [case.libvips])], times)
        rivals += alternating([case.pillow], times) if case.pillow else []
        medians[case.name] = ours
        row = f"{case.name:36}{ours.seen:7.0f} ({ours.processor:4.0f})"
        for rival in rivals:
            row += f"{rival.seen:8.0f} ({rival.processor:4.0f}) {_ratio(ours, rival)}"
        parts = [row, quality(case, large if "PNG" in case.name else photo), budget(case, ours)]
        print("   ".join(filter(None, parts)), flush=True)
    one, eight = (medians[f"12 MP JPEG, {name}"] for name in ("one colour step", "8 colour steps"))
    print(f"8 chained colour steps against one: {_ratio(eight, one)}")


def budget(case: Case, ours: Taken) -> str:
    """What an effect may take, on two quiet processors."""
    if case.budget is None:
        return ""
    judged = "holds" if ours.seen <= case.budget else "DOES NOT HOLD"
    return f"budget {case.budget} ms {judged}"


def _ratio(one: Taken, other: Taken) -> str:
    return f"{one.seen / other.seen:4.2f} {one.processor / other.processor:4.2f}x"


def peaks() -> bool:
    """Whether every budget holds."""
    width, height = memory.LARGE
    head = f"{width}x{height}, each in a process of its own"
    print(f"\n{head:40}{'peak MB':>8}{'planned':>9}{'budget':>8}")
    held = True
    for peak in memory.peaks():
        numbers = f"{peak.taken / 1e6:8.0f}{peak.planned / 1e6:9.0f}{peak.budget / 1e6:8.0f}"
        print(f"{peak.name:40}{numbers}  {'holds' if peak.holds else 'DOES NOT HOLD'}", flush=True)
        held &= peak.holds
    return held


def declared() -> bool:
    """Whether no operation and no writer takes more memory than it declares; all are measured.

    Each by the case that comes nearest to its word, in bytes of a pixel of the larger picture.
    """
    width, height = memory_probe.SIZE
    print(f"\n{f'{width}x{height}, bytes a pixel':40}{'mode':>6}{'measured':>10}{'declared':>10}")
    nearest: dict[str, tuple[str, str, int, int]] = {}
    broken = 0
    for row in memory_probe.rows():
        name, _, taken, promised = row
        broken += taken > promised + memory_probe.SLACK
        kind = name.split(" {")[0]
        if kind not in nearest or taken / promised > nearest[kind][2] / nearest[kind][3]:
            nearest[kind] = row
    pixels = width * height
    for kind, (_, mode, taken, promised) in sorted(nearest.items()):
        print(f"{kind[:39]:40}{mode:>6}{taken / pixels:10.1f}{promised / pixels:10.1f}")
    print(f"{broken} of them take more than they declare (and {memory_probe.SLACK:,} bytes)")
    return not broken


def main() -> int:
    """1 where a budget of memory does not hold; times are for people to judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--only", choices=["speed", "memory"])
    options = parser.parse_args()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    print(f"{today}, {platform.machine()}, {os.cpu_count()} processors, {platform.system()}")
    print(f"pyvips {pyvips.__version__}, {engine_version()}; medians in ms\n")
    if options.only != "memory":
        speed(options.times)
    if options.only == "speed":
        return 0
    held = [peaks(), declared()]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
