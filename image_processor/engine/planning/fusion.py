"""Fusing the steps of a pipeline into the fewest stages that give the same pixels."""

from __future__ import annotations

from collections.abc import Sequence

from image_processor.engine.frame import Frame
from image_processor.engine.operations.capabilities import FusesColour, OutputOperation
from image_processor.engine.pixels.colour_steps import ColourRun
from image_processor.engine.pixels.fused_geometry import Geometry, Move, Scale
from image_processor.engine.pixels.turn import Turn
from image_processor.engine.planning.stage import Stage
from image_processor.engine.planning.steps import Step

# A part that may still grow, or a finished stage.
_Part = Geometry | ColourRun | Stage


def fuse(stored: Frame, upright: Turn, steps: Sequence[Step]) -> tuple[Stage, ...]:
    """The stages for `steps` on an image that is `stored` and needs `upright` to stand upright.

    - Crops, turns and one resize become one stage. Only the part that is kept is resampled, and
      only the result is turned. Turning first could change a level by one.
    - Crops and turns move before colour operations, which do not depend on the place of a pixel.
    - Consecutive colour operations become one stage.

    Every other step is a stage of its own, and nothing moves across it. So is every step after
    one whose result size depends on the pixels.
    """
    parts: list[_Part] = [Geometry.of(stored.width, stored.height, upright)]
    for number, step in enumerate(steps):
        operation = step.operation
        if isinstance(operation, OutputOperation):
            continue
        if not (step.before.exact and step.after.exact):
            rest = () if step.after.exact else tuple(steps[number + 1 :])
            parts.append(Stage(operation, step.before, step.after, rest))
        elif (move := step.move()) is not None:
            _add_move(parts, move, step.before)
        elif (run := _colour_run(step)) is not None:
            _add_colour(parts, run)
        else:
            parts.append(Stage(operation, step.before, step.after))
    return _to_stages(stored, parts)


def _colour_run(step: Step) -> ColourRun | None:
    operation, colour = step.operation, step.colour_steps()
    if colour is None or not isinstance(operation, FusesColour):
        return None
    return ColourRun((operation.name,), tuple(colour), step.after.mode, operation.is_linear())


def _add_move(parts: list[_Part], move: Move, frame: Frame) -> None:
    place = len(parts)
    if isinstance(parts[-1], ColourRun) and not isinstance(move, Scale):
        place -= 1
    earlier = parts[place - 1] if place else None
    joined = earlier.then(move) if isinstance(earlier, Geometry) else None
    if joined is not None:
        parts[place - 1] = joined
        return
    alone = Geometry.of(frame.width, frame.height).then(move)
    assert alone is not None
    parts.insert(place, alone)


def _add_colour(parts: list[_Part], run: ColourRun) -> None:
    last = parts[-1]
    if isinstance(last, ColourRun):
        linear = last.linear and run.linear
        parts[-1] = ColourRun(last.names + run.names, last.steps + run.steps, run.mode, linear)
    else:
        parts.append(run)


def _to_stages(first: Frame, parts: list[_Part]) -> tuple[Stage, ...]:
    """The stages of `parts` with their frames. Parts that change nothing are left out."""
    stages = []
    frame = first
    for part in parts:
        if isinstance(part, Stage):
            stages.append(part)
            frame = part.after
            continue
        if isinstance(part, Geometry):
            after = frame.resized(*part.result_size)
            idle = part.is_identity
        else:
            after = frame.in_mode(part.mode)
            idle = part.is_identity(frame.mode)
        if not idle:
            stages.append(Stage(part, frame, after))
        frame = after
    return tuple(stages)
