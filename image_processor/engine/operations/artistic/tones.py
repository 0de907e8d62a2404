"""Tone curves, saturation and the blending of layers, on bytes."""

from __future__ import annotations

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes
from image_processor.engine.pixels.opencv import cv2

TONES: Bytes = np.arange(256, dtype=np.uint8)


def step_table(levels: int, softness: float = 0.12) -> Bytes:
    """A table of 256 tones in `levels` equal steps; the borders are `softness` of a step wide."""
    place = np.arange(256) / 255 * levels - 0.5
    base = np.floor(place)
    rest = np.clip((place - base - 0.5) / softness + 0.5, 0, 1)
    smooth = rest * rest * (3 - 2 * rest)
    values = np.clip((base + smooth) / max(1, levels - 1), 0, 1)
    return np.rint(values * 255).astype(np.uint8)


def colour_table(factor: float) -> Bytes:
    """A table that makes a colour difference (Cr, Cb) `factor` times as strong."""
    table: Bytes = np.rint(np.clip(128 + (np.arange(256) - 128) * factor, 0, 255)).astype(np.uint8)
    return table


def adjust(colours: Bytes, brightness: Bytes, saturation: float) -> Bytes:
    """`colours` (RGB) with a table for the brightness, and `saturation` times as strong."""
    difference = colour_table(saturation)
    table = np.stack([brightness, difference, difference], axis=1)[None]
    apart = cv2.LUT(cv2.cvtColor(colours, cv2.COLOR_RGB2YCrCb), table)
    return cv2.cvtColor(apart, cv2.COLOR_YCrCb2RGB)


def multiply(colours: Bytes, layer: Bytes) -> Bytes:
    """`colours` (RGB) multiplied by a gray `layer`: white changes nothing, black gives black."""
    return cv2.multiply(colours, cv2.merge([layer, layer, layer]), scale=1 / 255)


def blend(below: Bytes, above: Bytes, cover: Bytes) -> Bytes:
    """`above` where `cover` (gray) is 255, `below` where it is 0, a mixture in between (RGB)."""
    parts = cv2.merge([cover, cover, cover])
    return cv2.add(
        cv2.multiply(above, parts, scale=1 / 255),
        cv2.multiply(below, cv2.bitwise_not(parts), scale=1 / 255),
    )


def stretch(tone: Bytes, low: float, high: float, gamma: float = 1.0) -> Bytes:
    """`tone` stretched from `low`..`high` to 0..1, then to the power of `gamma`."""
    place = np.clip((np.arange(256) / 255 - low) / (high - low), 0, 1) ** gamma
    return cv2.LUT(tone, np.rint(place * 255).astype(np.uint8)).reshape(tone.shape)
