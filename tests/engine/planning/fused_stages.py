"""Compare the single steps of a pipeline with its fused stages."""

from typing import Any

import numpy as np
from PIL import Image

from image_processor.engine import Pipeline
from image_processor.engine.frame import Frame
from image_processor.engine.pixels.turn import Turn
from image_processor.engine.planning.fusion import fuse
from image_processor.engine.planning.steps import Step

MODES = ("L", "LA", "RGB", "RGBA")


def apply_alone_and_fused(
    image: Image.Image, steps: list[dict[str, Any]]
) -> tuple[Image.Image, Image.Image, list[str]]:
    """The result of the single steps, the result of the fused stages, the names of the stages."""
    alone, taken = image.copy(), []
    for operation in Pipeline.parse(steps).operations:
        before = Frame.of(alone)
        after = operation.plan(before)
        taken.append(Step(operation, before, after))
        alone = operation.apply(alone)
    stages = fuse(Frame.of(image), Turn(), taken)
    together = image.copy()
    for stage in stages:
        assert Frame.of(together) == stage.before
        together = stage.apply(together)
        assert Frame.of(together) == stage.after
    return alone, together, [stage.work.name for stage in stages]


def equal(one: Image.Image, two: Image.Image) -> bool:
    return (one.size, one.mode, one.tobytes()) == (two.size, two.mode, two.tobytes())


def largest_difference(one: Image.Image, two: Image.Image) -> int:
    """The largest difference of any two samples, in levels."""
    assert (one.size, one.mode) == (two.size, two.mode)
    return int(np.abs(np.asarray(one, int) - np.asarray(two, int)).max())
