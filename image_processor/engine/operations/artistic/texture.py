"""Paper, pencil strokes and pigment: seamless patterns from fixed seeds.

A texture is a tile of bytes that are spread evenly over 0..255. The share of pixels below a
threshold therefore equals the threshold, and a pattern of strokes gives exactly the wanted tone.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Floats, Strip
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
    """A tile repeated over a picture of `size` (width, height).

    `scale` is picture pixels per tile pixel. For a reduced picture, it is that of the full one, of
    which `shrink` pixels make one of these: the pattern is the full one's, seen from further away.
    """

    def __init__(
        self, tile: Bytes, scale: float, size: tuple[int, int], shrink: float = 1.0
    ) -> None:
        side = round(len(tile) * max(_MIN_SCALE, scale))
        self._size = size
        part = min(side, size[0]), min(side, size[1])  # nothing more of the tile is seen
        if shrink > 1:
            self._tile, self._period = _reduce(tile, side, size, shrink), size
        elif side < len(tile):
            whole = _equalize(cv2.resize(tile, (side, side), interpolation=cv2.INTER_AREA))
            self._tile, self._period = whole, (side, side)
        elif side > len(tile):
            step = len(tile) / side
            self._tile, self._period = _sample(tile, step, 0.0, part), (side, side)
        else:
            self._tile, self._period = tile, (side, side)

    def whole(self) -> Bytes:
        """The pattern over the whole picture."""
        return self._over(0, self._size[1])

    def on(self, strip: Strip) -> Bytes:
        """The pattern over the rows of `strip`."""
        return self._over(strip.top, strip.bottom)

    def _over(self, top: int, bottom: int) -> Bytes:
        width, period = self._size[0], self._period[0]
        rows = np.arange(top, bottom) % self._period[1]
        part = self._tile[rows, : min(width, period)]
        return np.ascontiguousarray(np.tile(part, (1, -(-width // period)))[:, :width])


def on_picture(canvas: Canvas, tile: Bytes, scale: float) -> Pattern:
    """A pattern over the painted picture; `scale` is its pixels per pixel of the tile."""
    size = canvas.width, canvas.height
    return Pattern(tile, scale * canvas.shrink, size, canvas.shrink)


def on_copy(canvas: Canvas, tile: Bytes, scale: float) -> Pattern:
    """A pattern over the reduced copy; `scale` is its pixels per pixel of the tile."""
    height, width = canvas.small.shape[:2]
    return Pattern(tile, scale * canvas.small_shrink, (width, height), canvas.small_shrink)


def _reduce(tile: Bytes, side: int, size: tuple[int, int], shrink: float) -> Bytes:
    """The picture that `tile` covers with a period of `side` pixels, reduced `shrink` times.

    The tile is reduced first to about its final size, which averages, and then sampled at exact
    places: with a period of whole pixels the pattern would drift away from that of the full size.
    """
    period = side / shrink
    small = tile
    if period < len(tile):
        whole = max(1, round(period)), max(1, round(period))
        small = cv2.resize(tile, whole, interpolation=cv2.INTER_AREA)
    step = len(small) / period
    # The full pattern begins with the first pixel of the tile if enlarged, else with its corner.
    start = 0.5 * len(small) / side if side < len(tile) else 0.5 * len(small) / len(tile)
    offset = (0.5 * shrink - 0.5) * len(small) / side + start - 0.5
    return _sample(small, step, offset, size)


def _sample(tile: Bytes, step: float, start: float, size: tuple[int, int]) -> Bytes:
    """A picture of `size` from the repeated tile, at `start`, `start + step` ... in both axes."""
    rim = 4
    after = [max(rim, math.ceil(start + step * length) + rim - len(tile)) for length in size]
    wide = cv2.copyMakeBorder(tile, rim, after[1], rim, after[0], cv2.BORDER_WRAP)
    place = np.array([[step, 0, rim + start], [0, step, rim + start]], np.float32)
    return cv2.warpAffine(wide, place, size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
