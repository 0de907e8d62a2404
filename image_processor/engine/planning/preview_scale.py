"""At what scale a preview works on the image before and after each step."""

from __future__ import annotations

import math
from collections.abc import Sequence

from image_processor.engine.frame import Frame
from image_processor.engine.operations.capabilities import Resamples
from image_processor.engine.planning.steps import Step

# The longest side of a preview.
PREVIEW_SIDE = 1024

# The most pixels that steps work on, and the most while steps only crop and turn.
_MAX_WORKED_PIXELS = 3_000_000
_MAX_CROPPED_PIXELS = 16_000_000


def preview_scales(first: Frame, steps: Sequence[Step], longest: int) -> list[float]:
    """The scale (0..1) of the image before each step, and after the last.

    The preview has at most `longest` pixels a side. The steps work on at most
    `_MAX_WORKED_PIXELS`, or on `_MAX_CROPPED_PIXELS` as long as they only crop and turn.
    """
    last = steps[-1].after if steps else first
    scales = [min(1.0, longest / max(last.width, last.height))]
    for step in reversed(steps):
        scales.insert(0, min(1.0, scales[0] * enlargement(step)))
    excess = 1.0
    working = False
    for step, before, after in zip(steps, scales, scales[1:], strict=False):
        working = working or step.move() is None
        limit = _MAX_WORKED_PIXELS if working else _MAX_CROPPED_PIXELS
        pixels = max(step.before.pixels * before**2, step.after.pixels * after**2)
        excess = max(excess, pixels / limit)
    return [scale / math.sqrt(excess) for scale in scales]


def enlargement(step: Step) -> float:
    """The factor by which the step enlarges the image; below 1 it reduces it."""
    if not isinstance(step.operation, Resamples):
        return 1.0
    width, height = step.operation.scaled_size(step.before)
    return max(width / step.before.width, height / step.before.height)
