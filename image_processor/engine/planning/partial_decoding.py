"""How little of a JPEG has to be decoded: at a reduced scale, or without its colours."""

from __future__ import annotations

from collections.abc import Sequence

from image_processor.engine.facts import Facts
from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.pixels.colour_steps import Luma
from image_processor.engine.planning.stage import Stage
from image_processor.engine.planning.steps import Step


def decode_scale(facts: Facts, stages: Sequence[Stage]) -> int:
    """The largest JPEG scale that leaves twice the pixels that the first resampling needs."""
    if facts.format not in ("JPEG", "MPO"):
        return 1
    for stage in stages:
        if stage.resamples:
            shrink = stage.shrink()
            return next((scale for scale in (8, 4, 2) if shrink >= 2 * scale), 1)
        if not stage.allows_reduced():
            return 1
    return 1


def without_unused_colour(facts: Facts, steps: Sequence[Step]) -> tuple[Step, ...] | None:
    """`steps` on luma alone, if they drop the colours of a JPEG before using them; else None.

    Crops, turns and resizing may come first. A colour profile needs the colours.
    """
    in_srgb = facts.icc_profile is None or facts.icc_profile.startswith("sRGB")
    if facts.format not in ("JPEG", "MPO") or facts.mode != "RGB" or not in_srgb:
        return None
    for number, step in enumerate(steps):
        if colour := step.colour_steps():
            return _in_gray(steps, number) if isinstance(colour[0], Luma) else None
        if step.move() is None and not isinstance(step.operation, OutputOperation):
            return None
    return None


def _in_gray(steps: Sequence[Step], last: int) -> tuple[Step, ...]:
    """`steps` with gray frames up to step number `last`, which drops the colours."""
    gray = [
        step._replace(before=step.before.in_gray(), after=step.after.in_gray())
        for step in steps[: last + 1]
    ]
    return (*gray, *steps[last + 1 :])
