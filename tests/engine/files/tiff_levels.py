"""Samples for a TIFF of any layout, and the levels that the picture then shows."""

from __future__ import annotations

import numpy as np

from tests.engine.files.tiffs import Layout, Samples

HEIGHT, WIDTH = 18, 20
COLOURS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3}
UNSIGNED, SIGNED, FLOAT = 1, 2, 3


def fractions(layout: Layout) -> Samples:
    """Smooth tones from 0 to 1, and another slope for each sample of a pixel; alpha is the last."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    count = COLOURS[layout.photometric] + len(layout.extra)
    tones = [(across * (at + 1) + down * (count - at)) for at in range(count)]
    values = np.stack([tone / tone.max() for tone in tones], axis=-1)
    if layout.photometric == 8:
        values[..., 1:] = 0
    if layout.extra:
        values[..., COLOURS[layout.photometric]] = 0.5 + across / WIDTH / 2
    levels = 2 ** min(layout.bits, 8) - 1
    return np.rint(values * levels) / levels


def stored(layout: Layout, values: Samples) -> Samples:
    """The samples of a file that shows `values`."""
    values = values.copy()
    if layout.extra[:1] == (1,):
        values[..., :-1] *= values[..., -1:]
    if layout.photometric == 0:
        values = 1 - values
    if layout.sample_format == FLOAT:
        return values * 7 - 3
    whole = np.rint(values * (2**layout.bits - 1)).astype("i8")
    return whole - 2 ** (layout.bits - 1) if layout.sample_format == SIGNED else whole


def shown(layout: Layout, values: Samples) -> Samples:
    """The levels of the picture, in as many channels as its working mode has."""
    colour = values[..., : COLOURS[layout.photometric]]
    if layout.photometric == 3:
        colour = np.stack([colour[..., 0], 1 - colour[..., 0], colour[..., 0] * 0], axis=-1)
    elif layout.photometric == 5:
        colour = (1 - colour[..., :3]) * (1 - colour[..., 3:])
    elif layout.photometric == 6:  # ITU-R BT.601, full range
        luma, blue, red = colour[..., 0], colour[..., 1] - 0.502, colour[..., 2] - 0.502
        channels = [luma + 1.402 * red, luma - 0.344 * blue - 0.714 * red, luma + 1.772 * blue]
        colour = np.stack(channels, axis=-1)
    elif layout.photometric == 8:
        lightness = colour[..., :1] * 100
        linear = np.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness / 903.3)
        curve = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
        colour = np.repeat(curve, 3, axis=-1)
    if layout.extra and layout.extra[0]:
        alpha = values[..., COLOURS[layout.photometric]]
        colour = np.concatenate([colour, alpha[..., None]], axis=-1)
    return np.rint(np.clip(colour, 0, 1) * 255)


def file_of(layout: Layout) -> tuple[bytes, Samples]:
    """A file of that layout, and the levels that it shows."""
    values = fractions(layout)
    if layout.photometric == 3:
        ramp = np.linspace(0, 1, 2**layout.bits)
        colour_map = np.concatenate([ramp, 1 - ramp, ramp * 0]) * 65_535
        layout.tags[320] = tuple(int(value) for value in colour_map)
    if layout.photometric == 6:
        layout.tags[530] = (1, 1)
    return layout.build(stored(layout, values)), shown(layout, values)
