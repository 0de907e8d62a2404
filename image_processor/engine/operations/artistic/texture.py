"""Paper, pencil strokes and pigment: seamless patterns from fixed seeds.

A texture is a tile of bytes that are spread evenly over 0..255. The share of pixels below a
threshold therefore equals the threshold, and a pattern of strokes gives exactly the wanted tone.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Floats, Strip
from image_processor.engine.pixels.opencv import cv2

SIDE = 512

# At a smaller scale a pattern is only noise.
_MIN_SCALE = 0.4


def _white_noise(seed: int, side: int = SIDE) -> Floats:
    # NumPy keeps the raw generator stable across releases, but not its distributions.
    raw = np.random.PCG64(seed).random_raw(side * side // 8)
    return raw.astype("<u8").view(np.uint8).reshape(side, side).astype(np.float32)


def _equalize(values: Floats) -> Bytes:
    """The ranks of `values` as bytes, each byte equally often."""
    order = np.argsort(values, axis=None, kind="stable")
    ranks = np.empty(order.size, np.uint8)
    ranks[order] = np.arange(order.size) * 256 // order.size
    return ranks.reshape(values.shape)


def _filter_wrapped(values: Floats, kernel: Floats) -> Floats:
    rim = max(kernel.shape) // 2 + 1
    wide = cv2.copyMakeBorder(values, rim, rim, rim, rim, cv2.BORDER_WRAP)
    return cv2.filter2D(wide, -1, kernel)[rim:-rim, rim:-rim]


def _round_kernel(sigma: float) -> Floats:
    size = 2 * math.ceil(3 * sigma) + 1
    across = cv2.getGaussianKernel(size, sigma, cv2.CV_32F)
    return across @ across.T


@lru_cache(maxsize=1)
def paper() -> Bytes:
    """The grain of drawing paper: bumps of a few pixels on broader ones."""
    fine = _filter_wrapped(_white_noise(11), _round_kernel(1.0))
    broad = _filter_wrapped(_white_noise(12), _round_kernel(3.0))
    return _equalize(fine / fine.std() + 0.7 * broad / broad.std())


@lru_cache(maxsize=1)
def cloud() -> Bytes:
    """Unevenly settled pigment: blotches of many sizes."""
    total = np.zeros((SIDE, SIDE), np.float32)
    for octave, weight in ((8, 0.7), (32, 1.2), (128, 2.2)):
        coarse = _white_noise(20 + octave, 8 * 8)[: SIDE // octave, : SIDE // octave]
        rim = cv2.copyMakeBorder(coarse, 2, 2, 2, 2, cv2.BORDER_WRAP)
        scale = SIDE // coarse.shape[0]
        large = cv2.resize(rim, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        part = large[2 * scale : -2 * scale, 2 * scale : -2 * scale]
        total += weight * (part - part.mean()) / part.std()
    return _equalize(total)


@lru_cache(maxsize=8)
def strokes(degrees: float, seed: int) -> Bytes:
    """Pencil strokes side by side, rising at an angle in degrees."""
    length, width = 45, 0.9
    line = np.zeros((length, length), np.float32)
    across = cv2.getGaussianKernel(9, width, cv2.CV_32F).ravel()
    along = np.hanning(length).astype(np.float32)
    line[length // 2 - 4 : length // 2 + 5] = across[:, None] * along
    turn = cv2.getRotationMatrix2D((length // 2, length // 2), degrees, 1)
    kernel = cv2.warpAffine(line, turn, (length, length), flags=cv2.INTER_LINEAR)
    streaks = _filter_wrapped(_white_noise(seed), kernel / kernel.sum())
    return _equalize(streaks)


class Pattern:
    """A tile repeated over a picture; `scale` is picture pixels per tile pixel."""

    def __init__(self, tile: Bytes, scale: float) -> None:
        self.side = round(len(tile) * max(_MIN_SCALE, scale))
        size = (self.side, self.side)
        if self.side < len(tile):
            self.tile = _equalize(cv2.resize(tile, size, interpolation=cv2.INTER_AREA))
        elif self.side > len(tile):
            rim, step = 4, len(tile) / self.side
            wide = cv2.copyMakeBorder(tile, rim, rim, rim, rim, cv2.BORDER_WRAP)
            place = np.array([[step, 0, rim], [0, step, rim]], np.float32)
            flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
            self.tile = cv2.warpAffine(wide, place, size, flags=flags)
        else:
            self.tile = tile

    def over(self, top: int, bottom: int, width: int) -> Bytes:
        """The pattern over the rows `top` up to `bottom` of a picture `width` pixels wide."""
        rows = np.arange(top, bottom) % self.side
        part = self.tile[rows, : min(width, self.side)]
        return np.ascontiguousarray(np.tile(part, (1, -(-width // self.side)))[:, :width])

    def on(self, strip: Strip) -> Bytes:
        """The pattern over the rows of `strip`."""
        return self.over(strip.top, strip.bottom, strip.tone.shape[1])
