"""The cases of the benchmark, each rendered by the engine, by libvips and by plain Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyvips
from PIL import Image, ImageFilter

from image_processor.engine import Limits, Pipeline, inspect, render
from image_processor.engine.operations import BY_NAME

Render = Callable[[], bytes]
LIMITS = Limits(max_pixels=60_000_000, max_memory_bytes=4 * 2**30)

# The options that the engine uses: progressive, optimised JPEG; AVIF with one thread, because its
# bytes must not depend on the number of threads.
_JPEG = {"quality": 85, "progressive": True, "optimize": True}
_SAVERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "jpeg": (".jpg", {"Q": 85, "interlace": True, "optimize_coding": True}, _JPEG),
    "webp": (".webp", {"Q": 85, "effort": 4}, {"quality": 85, "method": 4}),
    "png": (".png", {"compression": 6}, {"compress_level": 6}),
    "gif": (".gif", {"dither": 0}, {}),
    "avif": (".avif", {"Q": 85, "effort": 2}, {"quality": 85, "speed": 7, "max_threads": 1}),
}


@dataclass(frozen=True)
class Case:
    """A row of the table. None for a library that has no such operation."""

    name: str
    engine: Render
    libvips: Render | None
    pillow: Render | None
    size: tuple[int, int] | None = None  # of the result, if quality is compared
    budget: int | None = None  # in milliseconds


def engine(data: bytes, steps: list[dict[str, Any]], target: str) -> Render:
    """Use the engine like a worker does: the facts are known since the upload."""
    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(steps, format=target, quality=85)
    return lambda: render(data, facts, pipeline, LIMITS).data


def libvips_thumbnail(data: bytes, width: int, height: int, target: str) -> Render:
    suffix, options, _ = _SAVERS[target]

    def render_case() -> bytes:
        image = pyvips.Image.thumbnail_buffer(data, width, height=height, size="force")
        return bytes(image.write_to_buffer(suffix, **options))

    return render_case


def libvips_whole(data: bytes, change: Callable[[Any], Any], target: str) -> Render:
    suffix, options, _ = _SAVERS[target]
    return lambda: bytes(
        change(pyvips.Image.new_from_buffer(data, "")).write_to_buffer(suffix, **options)
    )


def pillow(data: bytes, change: Callable[[Image.Image], Image.Image], target: str) -> Render:
    """Use Pillow in the simplest way: open, change, save."""

    def render_case() -> bytes:
        buffer = io.BytesIO()
        image = change(Image.open(io.BytesIO(data)))
        image.save(buffer, target.upper(), **_SAVERS[target][2])
        return buffer.getvalue()

    return render_case


def resize_case(data: bytes, name: str, width: int, height: int, target: str) -> Case:
    steps = [{"operation": "resize", "params": {"width": width, "height": height}}]
    return Case(
        name,
        engine(data, steps, target),
        libvips_thumbnail(data, width, height, target),
        pillow(data, lambda i: i.resize((width, height), Image.Resampling.LANCZOS), target),
        (width, height),
    )


def blur_case(data: bytes, radius: int) -> Case:
    return Case(
        f"12 MP JPEG, blurred by {radius} px",
        engine(data, [{"operation": "blur", "params": {"radius": radius}}], "jpeg"),
        libvips_whole(data, lambda i: i.gaussblur(radius), "jpeg"),
        pillow(data, lambda i: i.filter(ImageFilter.GaussianBlur(radius)), "jpeg"),
    )


EIGHT = [
    {"operation": "grayscale", "params": {"amount": 0.3}},
    {"operation": "sepia", "params": {"amount": 0.4}},
    {"operation": "invert", "params": {}},
    {"operation": "apply_filter", "params": {"posterize": True}},
    {"operation": "invert", "params": {"amount": 0.8}},
    {"operation": "grayscale", "params": {"amount": 0.5}},
    {"operation": "apply_filter", "params": {"solarize": True}},
    {"operation": "sepia", "params": {"amount": 0.2}},
]
_ADJUSTMENTS = ("brightness", "contrast", "saturation", "gamma", "hue", "temperature")

EFFECT_MS = 1_500


def eight_colour_steps() -> list[dict[str, Any]]:
    """Return eight chained colour steps, preferably the adjustments of a photo editor."""
    known = [BY_NAME[name] for name in _ADJUSTMENTS if name in BY_NAME]
    steps = [{"operation": kind.name, "params": kind.example} for kind in known]
    return (steps + EIGHT)[:8]


def engine_only_case(
    data: bytes, name: str, steps: list[dict[str, Any]], budget: int | None = None
) -> Case:
    """Make a case that neither libvips nor Pillow has."""
    return Case(name, engine(data, steps, "jpeg"), None, None, budget=budget)


def all_cases(photo: bytes, large_png: bytes) -> list[Case]:
    gray = [{"operation": "apply_filter", "params": {"grayscale": True}}]
    turn = [{"operation": "rotate", "params": {"degrees": 90}}]
    cases = [
        resize_case(photo, "12 MP JPEG -> 800x600 JPEG", 800, 600, "jpeg"),
        resize_case(photo, "12 MP JPEG -> 400x300 JPEG", 400, 300, "jpeg"),
        resize_case(photo, "12 MP JPEG -> 800x600 WebP", 800, 600, "webp"),
        resize_case(photo, "12 MP JPEG -> 800x600 AVIF", 800, 600, "avif"),
        Case(
            "12 MP JPEG, full-size gray",
            engine(photo, gray, "jpeg"),
            libvips_whole(photo, lambda i: i.colourspace("b-w"), "jpeg"),
            pillow(photo, lambda i: i.convert("L"), "jpeg"),
        ),
        Case(
            "12 MP JPEG, full-size quarter turn",
            engine(photo, turn, "jpeg"),
            libvips_whole(photo, lambda i: i.rot90(), "jpeg"),
            pillow(photo, lambda i: i.transpose(Image.Transpose.ROTATE_270), "jpeg"),
        ),
        blur_case(photo, 1),
        blur_case(photo, 4),
        blur_case(photo, 30),
        Case(
            "12 MP JPEG, sharpened by 2 px",
            engine(photo, [{"operation": "sharpen", "params": {}}], "jpeg"),
            None,  # libvips sharpens in Lab, which is another operation
            pillow(photo, lambda i: i.filter(ImageFilter.UnsharpMask(2, 150, 3)), "jpeg"),
        ),
        *(
            resize_case(photo, f"12 MP JPEG -> {w}x{h} {target.upper()}", w, h, target)
            for target in ("png", "gif")
            for w, h in ((1200, 900), (2580, 1935))
        ),
        resize_case(large_png, "24 MP PNG -> 1000x667 JPEG", 1000, 667, "jpeg"),
        engine_only_case(photo, "12 MP JPEG, one colour step", eight_colour_steps()[:1]),
        engine_only_case(photo, "12 MP JPEG, 8 colour steps", eight_colour_steps()),
    ]
    artistic = [kind for kind in BY_NAME.values() if kind.group.value == "artistic"]
    for kind in artistic:
        steps = [{"operation": kind.name, "params": kind.example}]
        cases.append(engine_only_case(photo, f"12 MP JPEG, {kind.name}", steps, EFFECT_MS))
    return cases
