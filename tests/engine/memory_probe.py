"""`python -m tests.engine.memory_probe PART`: measured memory against declared memory.

Prints a JSON list of [what, mode, measured bytes, declared bytes]. `rows` runs a part in a process
of its own, because the allocator must give memory back at once for the peak to mean something, and
because the free memory that other work leaves behind would hide what a part takes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from image_processor.engine import Limits, Pipeline, inspect, plan, render
from image_processor.engine.frame import Frame
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.operations.overlay.watermark import Watermark
from image_processor.engine.pixels.turn import Turn
from image_processor.engine.planning.fusion import fuse
from image_processor.engine.planning.steps import Step
from image_processor.engine.reading.decode import Picture, open_source
from image_processor.engine.reading.decode_cost import decode_bytes
from image_processor.engine.reading.metadata.kept import Metadata
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.reading.working_mode import working_frame
from image_processor.engine.writing.encode import encode
from image_processor.engine.writing.options import AUTO, Output
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from tests.engine.builders import LIMITS, encoded, gradient, step
from tests.engine.memory_figures import SIZE, Row, peak_of
from tests.engine.tiff_memory import tiffs

UNEVEN = (799, 601)
# Code and tables that are loaded once, and the granularity of pages.
SLACK = 3_000_000
# Four channels take the most; the others are measured with everything else.
DEAREST_MODES = ("RGBA",)
MODES = ("L", "LA", "RGB", *DEAREST_MODES)

# Where the example is not the most that the operation can take; the dearest come first.
LARGEST: dict[str, list[dict[str, Any]]] = {
    "resize": [
        {"width": 1500},
        {"width": 1200, "height": 940},
        {"width": 300},
        {"width": 1190, "height": 300, "fit": "cover", "anchor": "smart"},
    ],
    "crop": [{"width": 1200, "height": 900}, {"width": 900, "height": 800, "anchor": "smart"}],
    "blur": [{"radius": 100}, {}],
    "sharpen": [{"radius": 100}, {}],
    "oil_painting": [{}, {"brush_size": 3}],
    "watercolor": [{}, {"brush_size": 3}],
    "rotate": [{"degrees": 45, "background": "#123456"}, {"degrees": 90}, {"degrees": 5}],
    "grayscale": [{"amount": 0.5}, {}],
    "apply_filter": [{"grayscale": True, "sepia": True, "sharpen": True}, {"blur": True}],
    "trim": [{}],
    "pad": [{"width": 1200, "height": 1300}, {"top": 5, "background": "#abcdef"}],
    "round_corners": [{"radius": "50%"}, {"radius": 3}],
    "border": [{"width": 40, "color": "#12345678"}, {"width": 3}],
    "pixelate": [
        {"size": 2, "region": {"x": 0, "y": 0, "width": 1200, "height": 900}},
        {"size": 2},
    ],
    "vignette": [{}, {"color": "red"}],
    "watermark": [
        {"text": "abc", "size": 100, "color": "red"},
        {"image_id": 1, "position": "diagonal", "size": 100},
        {"text": "abc"},
        {"text": "abc def", "position": "tile", "size": 20, "color": "red"},
        {"image_id": 1, "size": 60},
        {"image_id": 1, "position": "tile", "size": 30},
    ],
}
# How many of them count as the dearest, where two declare by different rules.
_DEAREST = {"rotate": 2, "watermark": 2}


def _warming(kind: type[Operation]) -> tuple[int, int]:
    """The size of the first picture: small for effects, which take seconds."""
    return (300, 225) if kind.group == Group.ARTISTIC else SIZE


def operations(modes: Sequence[str], *, every: bool) -> list[Row]:
    found = []
    warmed = set()
    overlay = encoded(gradient(1500, 1000, "RGBA"), "PNG")
    for mode in modes:
        image = gradient(*SIZE, mode)
        frame = Frame.of(image)
        for kind in OPERATIONS:
            if issubclass(kind, OutputOperation):
                continue
            sets = LARGEST.get(kind.name, [kind.example])
            for params in sets if every else sets[: _DEAREST.get(kind.name, 1)]:
                operation = kind.model_validate(params)
                if isinstance(operation, Watermark) and operation.image_id:
                    operation = operation.with_overlay(Overlay.read(overlay, LIMITS))
                declared = operation.peak(frame, operation.plan(frame))
                if (kind, str(params)) not in warmed:  # fonts and tables
                    operation.apply(gradient(8, 8, mode).resize(_warming(kind)))
                    warmed.add((kind, str(params)))
                if isinstance(operation, Watermark) and operation.image_id:
                    # Another one: the first has kept what it made.
                    operation = operation.with_overlay(Overlay.read(overlay, LIMITS))
                measured = peak_of(partial(operation.apply, image))
                found.append(
                    (f"{kind.name} {params}", mode, measured + frame.stored_bytes, declared)
                )
    return found


# The dearest come first.
OUTPUTS = (
    Output(),
    Output(quality=AUTO),
    Output(lossless=True),
    Output(background="#12345678"),
)


def encoders(modes: Sequence[str], *, every: bool) -> list[Row]:
    """The memory of writing a picture with the grain of a photograph in poor light."""
    found = []
    # The search for a quality takes the most where one part is compared, whose sides are uneven.
    sizes = (SIZE, UNEVEN) if every else (UNEVEN,)
    for mode, size in product(modes, sizes):
        samples = np.array(gradient(*size, mode), dtype=float)
        samples += np.random.default_rng(1).normal(0, 8, samples.shape)
        grainy = Image.fromarray(samples.clip(0, 255).astype(np.uint8))
        del samples
        frame = Frame.of(grainy)
        for name, spec in OUTPUT_FORMATS.items():
            for output in OUTPUTS if every else OUTPUTS[:3]:
                # The same search in any format: the quickest show it, or the quickest alone.
                searched = ("JPEG", "WEBP") if every else ("JPEG",)
                if output.quality == AUTO and name not in searched:
                    continue
                if output.lossless and (not spec.lossless or (not every and not spec.lossy)):
                    continue
                taken = f"write {name} {output.model_dump(exclude_defaults=True)}"
                first = Picture(grainy.crop((0, 0, 64, 64)), 0)
                encode([first], name, output, Metadata(), 0)  # tables
                pictures = [Picture(grainy.copy(), 0)]
                measured = peak_of(partial(encode, pictures, name, output, Metadata(), 0))
                alpha, lossless = frame.has_alpha, output.lossless
                auto = output.quality == AUTO
                declared = spec.peak(frame.pixels, alpha=alpha, lossless=lossless, auto=auto)
                found.append((taken, mode, measured + frame.stored_bytes, declared))
    return found


def noisy_animation(count: int, width: int, height: int) -> bytes:
    """Frames that neither compress well nor resemble each other, with half-clear pixels."""
    chance = np.random.default_rng(1)
    frames = []
    for _ in range(count):
        pixels = np.array(gradient(width, height, "RGBA"))
        pixels[..., :3] ^= chance.integers(0, 32, pixels[..., :3].shape, dtype=np.uint8)
        frames.append(Image.fromarray(pixels))
    return encoded(
        frames[0], "PNG", save_all=True, append_images=frames[1:], duration=50, compress_level=1
    )


def animations(modes: Sequence[str], *, every: bool) -> list[Row]:
    """Whole renders of an animation in RGBA, whose frames are all held when it is written."""
    data, limits, found = noisy_animation(12 if every else 5, 500, 400), Limits(), []
    facts = inspect(data, limits)
    for target in ("png", "gif", "webp"):
        for options in ({}, {"background": "#123456"}, {"lossless": True})[: None if every else 1]:
            if "lossless" in options and target != "webp":
                continue
            pipeline = Pipeline.parse([step("flip")], format=target, **options)  # type: ignore[arg-type]
            measured = peak_of(partial(render, data, facts, pipeline, limits)) + len(data)
            declared = plan(facts, pipeline, limits).peak_bytes
            found.append((f"animation {target} {options}", "RGBA", measured, declared))
    found.append(_first_frame())
    return found


def _first_frame() -> Row:
    """Decoding an opaque animation as a still picture, as for thumbnails."""
    shades = [Image.new("RGB", SIZE, (shade, 0, 0)) for shade in (0, 99)]
    data = encoded(shades[0], "PNG", save_all=True, append_images=shades[1:])
    still = replace(inspect(data, LIMITS), frames=1)
    frame = working_frame(still)

    def decode() -> None:
        for _ in open_source(data, still, frame, 1, 1, "strip").pictures():
            pass

    return "first frame", "RGB", peak_of(decode) + len(data), decode_bytes(still, frame, 1)


# Runs of steps that become one stage, which may work on its input in place.
RUNS: list[list[dict[str, Any]]] = [
    [step("sepia"), step("invert"), step("grayscale", amount=0.5)],
    [step("sepia"), step("grayscale")],
    [step("grayscale"), step("sepia")],
    [step("crop", aspect="1:1"), step("rotate", degrees=90)],
    [step("crop", x=100, y=50, width=1000, height=800), step("resize", width=400)],
    [step("crop", aspect="1:1"), step("resize", width=1100), step("rotate", degrees=270)],
    [step("flip"), step("resize", width=300, height=300, fit="cover")],
]


def fused(modes: Sequence[str], *, every: bool) -> list[Row]:
    found = []
    for mode in modes:
        frame = Frame(*SIZE, mode)
        for steps in RUNS:
            taken, before = [], frame
            for operation in Pipeline.parse(steps).operations:
                taken.append(Step(operation, before, operation.plan(before)))
                before = taken[-1].after
            (stage,) = fuse(frame, Turn(), taken)
            stage.apply(gradient(*SIZE, mode))  # tables
            image = gradient(*SIZE, mode)
            measured = peak_of(partial(stage.apply, image))
            declared = stage.peak(stage.before, stage.after)
            found.append((str(stage), mode, measured + frame.stored_bytes, declared))
    return found


PARTS: dict[str, Callable[..., list[Row]]] = {
    part.__name__: part for part in (operations, encoders, animations, fused, tiffs)
}


def rows(part: str, *, every: bool) -> list[Row]:
    """The rows that a process measures whose allocator returns memory at once.

    `every`: all modes, parameters and options instead of the dearest of each.
    """
    at_once = {"MALLOC_MMAP_THRESHOLD_": "200000", "MALLOC_TRIM_THRESHOLD_": "200000"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.memory_probe", part, *(["--every"] if every else [])],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **at_once},
        stdout=subprocess.PIPE,
        check=True,
        timeout=900,
    )
    return [tuple(row) for row in json.loads(done.stdout)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--every", action="store_true")
    options = parser.parse_args()
    modes = MODES if options.every else DEAREST_MODES
    json.dump(PARTS[options.part](modes, every=options.every), sys.stdout)


if __name__ == "__main__":
    main()
