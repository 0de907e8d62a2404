"""docs/images/operations: a photograph before and after each operation, made by the engine.

Codecs differ between machines. Therefore a picture is current when it looks the same; its bytes
may differ.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from scripts.local.checkout import ROOT

if TYPE_CHECKING:
    from image_processor.engine.operations.base import Operation

FOLDER = "docs/images/operations"
MAX_BYTES = 12_000
MIN_SIMILARITY = 0.95

_PHOTOGRAPH = ROOT / "tests" / "photos" / "chelsea.png"
_TILE_SIZE = (225, 150)
_GAP = 10
_SQUARE = 8
_QUALITIES = range(84, 20, -4)


def _operations() -> dict[str, type[Operation]]:
    from image_processor.engine.operations import BY_NAME  # after start_django

    return BY_NAME


def path_of(name: str) -> str:
    """Return the path of an operation's picture in the checkout."""
    return f"{FOLDER}/{name}.jpg"


def stale(root: Path) -> dict[str, bytes]:
    """Return the new picture, by path, for every picture that is missing, too large or outdated."""
    outdated = {}
    for name in _operations():
        path, current = root / path_of(name), picture(name)
        if not path.exists() or not _looks_like(path.read_bytes(), current):
            outdated[path_of(name)] = current
    return outdated


def leftovers(root: Path) -> list[str]:
    """Return the pictures of operations that no longer exist."""
    current = {path_of(name) for name in _operations()}
    return sorted({f"{FOLDER}/{path.name}" for path in (root / FOLDER).glob("*")} - current)


def _add_frame(photograph: Image.Image) -> Image.Image:
    return ImageOps.expand(photograph, 40, "#2a6f97")


def _add_noise(photograph: Image.Image) -> Image.Image:
    """Add the noise of a photograph in poor light; the same noise each time."""
    samples = np.asarray(photograph, float)
    samples = samples + np.random.default_rng(1).normal(0, 14, samples.shape)
    return Image.fromarray(samples.clip(0, 255).astype(np.uint8))


# Parameters that show the effect better than the operation's example does.
SHOWCASES: dict[str, dict[str, Any]] = {
    "pad": {"top": 30, "bottom": 30, "background": "teal"},
    "border": {"width": 18, "color": "teal"},
    "watermark": {"text": "© Jane Doe", "size": 75, "opacity": 0.7},
    "compress": {"quality": 4},
    "change_format": {"format": "gif"},
}

# These operations only have an effect on a prepared photograph.
_PREPARATIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "trim": _add_frame,
    "denoise": _add_noise,
}


@cache
def picture(name: str) -> bytes:
    """Return a JPEG of at most `MAX_BYTES`: left the photograph, right the result."""
    sheet = _side_by_side(*before_and_after(name))
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= MAX_BYTES:
            return buffer.getvalue()
    raise ValueError(f"the picture of {name} does not fit into {MAX_BYTES} bytes")


@cache
def before_and_after(name: str) -> tuple[Image.Image, Image.Image]:
    """Return the photograph and the decoded result of an operation on it."""
    from image_processor.engine import Limits, Pipeline, inspect, render
    from image_processor.engine.operations.capabilities import OutputOperation

    operation = _operations()[name]
    before = Image.open(_PHOTOGRAPH).convert("RGB")
    before = _PREPARATIONS.get(name, Image.Image.copy)(before)
    params = SHOWCASES.get(name, operation.example)
    # Lossless, unless the operation is about how the result is written.
    format_name: str | None = "png"
    if issubclass(operation, OutputOperation):
        options = operation.model_validate(params).output_options()
        format_name = None if "format" in options else "jpeg"
    pipeline = Pipeline.parse([{"operation": operation.name, "params": params}], format=format_name)
    buffer, limits = io.BytesIO(), Limits()
    before.save(buffer, "PNG")
    data = buffer.getvalue()
    result = render(data, inspect(data, limits), pipeline, limits)
    return before, Image.open(io.BytesIO(result.data)).convert("RGBA")


def _side_by_side(before: Image.Image, after: Image.Image) -> Image.Image:
    """Put both at the same scale beside each other, so that a change of size is visible."""
    width, height = max(before.width, after.width), max(before.height, after.height)
    scale = min(_TILE_SIZE[0] / width, _TILE_SIZE[1] / height)
    tiles = [_on_chequers(image, scale) for image in (before, after)]
    size = (sum(tile.width for tile in tiles) + _GAP, max(tile.height for tile in tiles))
    sheet = Image.new("RGB", size, "white")
    left = 0
    for tile in tiles:
        sheet.paste(tile, (left, (size[1] - tile.height) // 2))
        left += tile.width + _GAP
    return sheet


def _on_chequers(image: Image.Image, scale: float) -> Image.Image:
    """Reduce the image and put it on the chequered ground that stands for transparency."""
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    ground = Image.new("RGBA", size, "#ffffffff")
    for left in range(0, size[0], _SQUARE):
        for top in range(0, size[1], _SQUARE):
            if (left + top) // _SQUARE % 2:
                ground.paste("#ccccccff", (left, top, left + _SQUARE, top + _SQUARE))
    ground.alpha_composite(image.convert("RGBA").resize(size, Image.Resampling.LANCZOS))
    return ground.convert("RGB")


def _looks_like(data: bytes, expected: bytes) -> bool:
    """Whether both pictures look alike in each colour channel, and `data` is small enough."""
    from image_processor.engine.pixels.structural_similarity import luma_samples, similarity

    one, other = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(expected))
    if len(data) > MAX_BYTES or (one.size, one.mode) != (other.size, other.mode):
        return False
    return all(
        similarity(luma_samples(left), luma_samples(right)) >= MIN_SIMILARITY
        for left, right in zip(one.split(), other.split(), strict=True)
    )
