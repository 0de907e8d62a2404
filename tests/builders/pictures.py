"""Small pictures in memory."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image


def noise(width: int, height: int, mode: str = "RGB", *, seed: int = 1) -> Image.Image:
    """Make a picture with smooth and busy parts, different for each seed."""
    rough = random.Random(seed).randbytes(16 * 16 * 3)
    return Image.frombytes("RGB", (16, 16), rough).resize((width, height)).convert(mode)


def encoded(image: Image.Image, format_name: str = "JPEG", **options: Any) -> bytes:
    """Encode a picture."""
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def jpeg(width: int = 64, height: int = 48, *, seed: int = 1, **options: Any) -> bytes:
    """Make a JPEG similar to a photograph."""
    return encoded(noise(width, height, seed=seed), "JPEG", **options)


def opened(data: bytes) -> Image.Image:
    """Decode a picture."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
