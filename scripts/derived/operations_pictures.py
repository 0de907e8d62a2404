"""docs/images/operations: each operation's effect on a photograph, before and after.

Made by the engine itself. Codecs differ between machines, so a picture is current when it shows
the same, not when its bytes are equal.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from image_processor.engine.operations.base import Operation

FOLDER = "docs/images/operations"
MAX_BYTES = 12_000
ALIKE = 0.95

_PHOTOGRAPH = Path(__file__).resolve().parents[2] / "tests" / "photos" / "chelsea.png"
_ROOM = (225, 150)
_GAP = 10
_SQUARE = 8
_QUALITIES = range(84, 20, -4)


def _operations() -> dict[str, type[Operation]]:
    from image_processor.engine.operations import BY_NAME  # only once the settings are default

    return BY_NAME


def path_of(name: str) -> str:
    """Where the picture of an operation lies in the checkout."""
    return f"{FOLDER}/{name}.jpg"


def stale(root: Path) -> dict[str, bytes]:
    """Path -> picture of every operation whose picture is missing, too large or not this one."""
    found = {}
    for name in _operations():
        path, made = root / path_of(name), picture(name)
        if not path.exists() or not _shows(path.read_bytes(), made):
            found[path_of(name)] = made
    return found


def leftovers(root: Path) -> list[str]:
    """Pictures of operations that there are no more."""
    wanted = {path_of(name) for name in _operations()}
    return sorted({f"{FOLDER}/{path.name}" for path in (root / FOLDER).glob("*")} - wanted)


def _framed(photograph: Image.Image) -> Image.Image:
    return ImageOps.expand(photograph, 40, "#2a6f97")


def _grainy(photograph: Image.Image) -> Image.Image:
    """As taken in poor light: the same grain each time."""
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

# What the photograph needs before there is anything for an operation to do.
_PREPARED: dict[str, Callable[[Image.Image], Image.Image]] = {"trim": _framed, "denoise": _grainy}


@cache
def picture(name: str) -> bytes:
    """A JPEG of at most `MAX_BYTES`: the photograph at the left, the result at the right."""
    sheet = _side_by_side(*before_and_after(name))
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= MAX_BYTES:
            return buffer.getvalue()
    raise ValueError(f"the picture of {name} does not fit into {MAX_BYTES} bytes")


@cache
def before_and_after(name: str) -> tuple[Image.Image, Image.Image]:
    """The photograph, and what an operation makes of it, as its file is decoded again."""
    from image_processor.engine import Limits, Pipeline, inspect, render
    from image_processor.engine.operations.capabilities import OutputOperation

    operation = _operations()[name]
    before = Image.open(_PHOTOGRAPH).convert("RGB")
    before = _PREPARED.get(name, Image.Image.copy)(before)
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
    """Both at one scale, so that a change of size is seen."""
    wide, high = max(before.width, after.width), max(before.height, after.height)
    scale = min(_ROOM[0] / wide, _ROOM[1] / high)
    tiles = [_on_squares(image, scale) for image in (before, after)]
    size = (sum(tile.width for tile in tiles) + _GAP, max(tile.height for tile in tiles))
    sheet = Image.new("RGB", size, "white")
    left = 0
    for tile in tiles:
        sheet.paste(tile, (left, (size[1] - tile.height) // 2))
        left += tile.width + _GAP
    return sheet


def _on_squares(image: Image.Image, scale: float) -> Image.Image:
    """`image` reduced, on the chequered ground that stands for transparency."""
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    ground = Image.new("RGBA", size, "#ffffffff")
    for left in range(0, size[0], _SQUARE):
        for top in range(0, size[1], _SQUARE):
            if (left + top) // _SQUARE % 2:
                ground.paste("#ccccccff", (left, top, left + _SQUARE, top + _SQUARE))
    ground.alpha_composite(image.convert("RGBA").resize(size, Image.Resampling.LANCZOS))
    return ground.convert("RGB")


def _shows(data: bytes, wanted: bytes) -> bool:
    """Whether both pictures look alike in each colour."""
    from image_processor.engine.pixels.structural_similarity import luma_samples, similarity

    one, other = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(wanted))
    if len(data) > MAX_BYTES or (one.size, one.mode) != (other.size, other.mode):
        return False
    return all(
        similarity(luma_samples(left), luma_samples(right)) >= ALIKE
        for left, right in zip(one.split(), other.split(), strict=True)
    )
