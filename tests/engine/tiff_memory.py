"""Measured against declared memory of decoding TIFFs; a part of `memory_probe`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from image_processor.engine import Facts, inspect
from image_processor.engine.reading.decode import open_source
from image_processor.engine.reading.decode_cost import decode_bytes
from image_processor.engine.reading.working_mode import working_frame
from tests.engine.builders import LIMITS
from tests.engine.files.tiffs import DEFLATE, Layout
from tests.engine.memory_figures import SIZE, Row, peak_of

# Layouts of which one strip holds the whole picture; the dearest come first.
TIFFS = (
    Layout(2, 16, compression=DEFLATE, extra=(2,)),
    Layout(2, 16, compression=DEFLATE),
    Layout(1, 32),
    Layout(8, compression=DEFLATE),
    Layout(2, compression=DEFLATE, extra=(0, 0, 0)),
    Layout(5, 16, compression=DEFLATE),
    Layout(0, 16),
    Layout(1, 32, 3, compression=DEFLATE),
    Layout(1, 8, compression=DEFLATE, extra=(2,)),
    Layout(1, 8),
)


def tiffs(modes: Sequence[str], *, every: bool) -> list[Row]:
    """Decoding a TIFF in one strip."""
    found, (width, height) = [], SIZE
    for layout in TIFFS if every else TIFFS[:4]:
        count = {1: 1, 0: 1, 5: 4}.get(layout.photometric, 3) + len(layout.extra)
        samples = np.zeros((height, width, count), np.uint8)
        data = replace(layout, rows=height).build(samples)
        facts = inspect(data, LIMITS)
        frame = working_frame(facts)
        small = replace(layout, rows=8).build(samples[:8, :8])
        _decode(small, inspect(small, LIMITS))  # tables
        measured = peak_of(partial(_decode, data, facts)) + len(data)
        declared = decode_bytes(facts, frame, 1) + len(data)
        found.append((f"TIFF {layout}", frame.mode, measured, declared))
    return found


def _decode(data: bytes, facts: Facts) -> None:
    for _ in open_source(data, facts, working_frame(facts), 1, 1, "strip").pictures():
        pass
