"""`python -m tests.engine.memory_probe`: what each operation really takes, against its word.

Prints one JSON list of [what, mode, measured bytes, declared bytes]. `rows` runs it in a process
of its own, because the allocator must give memory back at once for the peak to mean something.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from image_processor.engine import Limits, Pipeline, inspect, plan, render
from image_processor.engine.decode import Picture
from image_processor.engine.encode import encode
from image_processor.engine.formats import OUTPUT_FORMATS
from image_processor.engine.frame import Frame
from image_processor.engine.fusion import Step, fuse
from image_processor.engine.fusion_geometry import Turn
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Group, Operation, OutputOperation
from image_processor.engine.operations.overlay import Watermark
from image_processor.engine.operations.parameters import AUTO
from image_processor.engine.output_options import Output
from image_processor.engine.overlays import Overlay
from tests.engine.builders import LIMITS, encoded, gradient, step

SIZE = (1200, 900)
# Code and tables that are loaded once, and the granularity of pages.
SLACK = 5_000_000
MODES = ("L", "LA", "RGB", "RGBA")

# Where the example is not the most that the operation can take.
LARGEST: dict[str, list[dict[str, Any]]] = {
    "resize": [
        {"width": 1200, "height": 940},
        {"width": 1500},
        {"width": 300},
        {"width": 1190, "height": 300, "fit": "cover", "anchor": "smart"},
    ],
    "crop": [{"width": 1200, "height": 900}, {"width": 900, "height": 800, "anchor": "smart"}],
    "blur": [{}, {"radius": 100}],
    "sharpen": [{}, {"radius": 100}],
    "oil_painting": [{}, {"brush_size": 3}],
    "watercolor": [{}, {"brush_size": 3}],
    "rotate": [{"degrees": 90}, {"degrees": 5}, {"degrees": 45, "background": "#123456"}],
    "grayscale": [{}, {"amount": 0.5}],
    "apply_filter": [{"blur": True}, {"grayscale": True, "sepia": True, "sharpen": True}],
    "trim": [{}],
    "pad": [{"top": 5, "background": "#abcdef"}, {"width": 1200, "height": 1300}],
    "round_corners": [{"radius": 3}, {"radius": "50%"}],
    "border": [{"width": 3}, {"width": 40, "color": "#12345678"}],
    "pixelate": [
        {"size": 2},
        {"size": 2, "region": {"x": 0, "y": 0, "width": 1200, "height": 900}},
    ],
    "vignette": [{}, {"color": "red"}],
    "watermark": [
        {"text": "abc"},
        {"text": "abc def", "position": "tile", "size": 20, "color": "red"},
        {"text": "abc", "size": 100, "color": "red"},
        {"image_id": 1, "size": 60},
        {"image_id": 1, "position": "diagonal", "size": 100},
        {"image_id": 1, "position": "tile", "size": 30},
    ],
}


def status(name: str) -> int:
    """A memory figure of this process in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise KeyError(name)


def peak_of(work: Callable[[], object]) -> int:
    """How far memory rose above what it was while `work` ran."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    work()
    return status("VmHWM") - before


def _warming(kind: type[Operation]) -> tuple[int, int]:
    """The size of a first picture: effects take seconds, and no lengths that it must have."""
    return (300, 225) if kind.group == Group.ARTISTIC else SIZE


def measurements() -> list[tuple[str, str, int, int]]:
    found = []
    overlay = encoded(gradient(1500, 1000, "RGBA"), "PNG")
    for mode in MODES:
        image = gradient(*SIZE, mode)
        frame = Frame.of(image)
        for kind in OPERATIONS:
            if issubclass(kind, OutputOperation):
                continue
            for params in LARGEST.get(kind.name, [kind.example]):
                operation = kind.model_validate(params)
                if isinstance(operation, Watermark) and operation.image_id:
                    operation = operation.with_overlay(Overlay.read(overlay, LIMITS))
                declared = operation.peak(frame, operation.plan(frame))
                operation.apply(gradient(8, 8, mode).resize(_warming(kind)))  # fonts and tables
                if isinstance(operation, Watermark) and operation.image_id:
                    # Another one: the first has kept what it made.
                    operation = operation.with_overlay(Overlay.read(overlay, LIMITS))
                measured = peak_of(partial(operation.apply, image))
                found.append(
                    (f"{kind.name} {params}", mode, measured + frame.stored_bytes, declared)
                )
    return found


OUTPUTS = (
    Output(),
    Output(quality=AUTO),
    Output(lossless=True),
    Output(background="#12345678"),
)


def encoders() -> list[tuple[str, str, int, int]]:
    """What writing takes, of a picture with the grain of a photograph in poor light."""
    found = []
    for mode in MODES:
        samples = np.array(gradient(*SIZE, mode), dtype=float)
        samples += np.random.default_rng(1).normal(0, 8, samples.shape)
        grainy = Image.fromarray(samples.clip(0, 255).astype(np.uint8))
        del samples
        frame = Frame.of(grainy)
        for name, spec in OUTPUT_FORMATS.items():
            for output in OUTPUTS:
                searching = output.quality == AUTO and name not in ("JPEG", "WEBP")
                if searching or (output.lossless and not spec.lossless):
                    continue
                taken = f"write {name} {output.model_dump(exclude_defaults=True)}"
                encode([Picture(grainy.crop((0, 0, 64, 64)), 0)], name, output, b"", 0)  # tables
                pictures = [Picture(grainy.copy(), 0)]
                measured = peak_of(partial(encode, pictures, name, output, b"", 0))
                alpha, lossless = frame.has_alpha, output.lossless
                declared = spec.peak(frame.pixels, alpha=alpha, lossless=lossless)
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


def animations() -> list[tuple[str, str, int, int]]:
    """Whole renders of an animation, whose frames are all held when it is written."""
    data, limits, found = noisy_animation(12, 500, 400), Limits(), []
    facts = inspect(data, limits)
    for target in ("png", "gif", "webp"):
        for options in ({}, {"background": "#123456"}, {"lossless": True}):
            if "lossless" in options and target != "webp":
                continue
            pipeline = Pipeline.parse([step("flip")], format=target, **options)  # type: ignore[arg-type]
            measured = peak_of(partial(render, data, facts, pipeline, limits)) + len(data)
            declared = plan(facts, pipeline, limits).peak_bytes
            found.append((f"animation {target} {options}", "RGBA", measured, declared))
    return found


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


def fused_measurements() -> list[tuple[str, str, int, int]]:
    found = []
    for mode in MODES:
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


def rows() -> list[tuple[str, str, int, int]]:
    """All that is measured, from a process whose allocator gives memory back at once."""
    at_once = {"MALLOC_MMAP_THRESHOLD_": "200000", "MALLOC_TRIM_THRESHOLD_": "200000"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.memory_probe"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **at_once},
        stdout=subprocess.PIPE,
        check=True,
        timeout=900,
    )
    return [tuple(row) for row in json.loads(done.stdout)]


if __name__ == "__main__":
    json.dump([*animations(), *measurements(), *encoders(), *fused_measurements()], sys.stdout)
