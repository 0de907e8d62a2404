"""Images in memory, and the short way through the engine that most tests take."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from image_processor.engine import Facts, Limits, Pipeline, Rendered, inspect, render
from image_processor.engine.optional_formats import PILLOW_NAMES

PHOTOS = Path(__file__).parent.parent / "photos"
LIMITS = Limits()

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def quadrants(width: int = 60, height: int = 40) -> Image.Image:
    """Red, green / blue, white: no two corners alike, so that every turn shows."""
    image = Image.new("RGB", (width, height))
    half_x, half_y = width // 2, height // 2
    image.paste(RED, (0, 0, half_x, half_y))
    image.paste(WHITE, (half_x, half_y, width, height))
    image.paste(BLUE, (0, half_y, half_x, height))
    image.paste(GREEN, (half_x, 0, width, half_y))
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours near the four corners: top left, top right, bottom left, bottom right."""
    rgb = image.convert("RGB")
    right, bottom = rgb.width - 3, rgb.height - 3
    places = ((2, 2), (right, 2), (2, bottom), (right, bottom))
    return [tuple(rgb.getpixel(place)) for place in places]  # type: ignore[arg-type]


def gradient(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """A smooth picture with all tones in `mode`."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    colours = Image.merge("RGB", (across, down, Image.radial_gradient("L").resize(across.size)))
    if mode == "I;16":
        deep = Image.new("I;16", (width, height))
        deep.putdata([value * 257 for value in across.tobytes()])
        return deep
    if mode in ("LA", "RGBA"):
        image = colours.convert(mode)
        image.putalpha(down)
        return image
    return colours.quantize(64) if mode == "P" else colours.convert(mode)


def with_edges(mode: str = "RGB") -> Image.Image:
    """A gradient with another, turned, laid upon its middle."""
    picture = gradient(160, 120, mode)
    picture.paste(gradient(50, 40, mode).rotate(180), (60, 50))
    return picture


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def animation(
    format_name: str, count: int = 3, size: tuple[int, int] = (40, 30), **options: Any
) -> bytes:
    """A moving square on a coloured ground, 80, 90, 100 ... ms a frame."""
    frames = []
    for index in range(count):
        frame = Image.new("RGB", size, (40, 40, 200 - index))
        frame.paste((250, 200, 0), (index * 8, 5, index * 8 + 10, 20))
        frames.append(frame)
    durations = [80 + 10 * index for index in range(count)]
    return encoded(
        frames[0],
        format_name,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        **options,
    )


def photo(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def facts_of(data: bytes, limits: Limits = LIMITS) -> Facts:
    return inspect(data, limits)


def step(operation: str, **params: Any) -> dict[str, Any]:
    return {"operation": operation, "params": params}


def run(
    data: bytes,
    *steps: dict[str, Any],
    limits: Limits = LIMITS,
    overlays: dict[int, bytes] | None = None,
    **options: Any,
) -> Rendered:
    """Inspect, parse and render; `options` go to `Pipeline.parse`."""
    pipeline = Pipeline.parse(list(steps) or [step("crop", aspect="1:1")], **options)
    return render(data, inspect(data, limits), pipeline, limits, overlays=overlays)


def logo(mode: str = "RGBA") -> bytes:
    """A PNG of 40x20 to lay over pictures: an orange ring, on nothing where `mode` has alpha."""
    image = Image.new("RGBA", (40, 20))
    draw = ImageDraw.Draw(image)
    draw.ellipse((1, 1, 38, 18), outline=(250, 130, 0, 255), width=4)
    draw.rectangle((16, 8, 24, 12), fill=(20, 40, 200, 255))
    return encoded(image.convert(mode), "PNG")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def image_of(rendered: Rendered) -> Image.Image:
    """The pixels of a result, after checking that it is what it says."""
    image = opened(rendered.data)
    assert image.format == PILLOW_NAMES.get(rendered.format, rendered.format)
    assert image.size == (rendered.width, rendered.height)
    return image


def levels_of(rendered: Rendered) -> NDArray[np.uint8]:
    """The levels of a result, rows x columns x channels, also of one with a palette."""
    image = image_of(rendered)
    mode = {"1": "L", "P": "RGBA" if image.has_transparency_data else "RGB"}.get(image.mode)
    levels = np.asarray(image.convert(mode) if mode else image)
    return levels.reshape(image.height, image.width, -1)


def frames_of(data: bytes) -> list[tuple[Image.Image, int]]:
    """Each frame in RGBA, and its display time in ms."""
    image = Image.open(io.BytesIO(data))
    frames = []
    for index in range(getattr(image, "n_frames", 1)):
        image.seek(index)
        image.load()
        frames.append((image.convert("RGBA"), int(image.info["duration"])))
    return frames
