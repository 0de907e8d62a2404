"""From the steps of a pipeline to the fewest stages that give the same pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from image_processor.engine.fusion_colour import ColourRun
from image_processor.engine.fusion_geometry import Geometry, Move, Scale, Turn
from image_processor.engine.operations.base import Frame, Operation, OutputOperation

Work = Geometry | ColourRun | Operation


class Step(NamedTuple):
    """One operation of a pipeline with the frame that goes in and the one that comes out."""

    operation: Operation
    before: Frame
    after: Frame


class Stage(NamedTuple):
    """One pass over the picture, with the frame that goes in and the one that comes out.

    The picture itself may be a whole fraction of `before` where every stage so far `scales`.
    """

    work: Work
    before: Frame
    after: Frame

    @property
    def resamples(self) -> bool:
        return isinstance(self.work, Geometry) and self.work.kernel is not None

    def scales(self) -> bool:
        """Whether it does the same to a reduced picture."""
        if isinstance(self.work, Geometry):
            return not self.work.cuts and self.work.kernel is None
        return self.work.linear if isinstance(self.work, ColourRun) else self.work.scales()

    def apply(self, image: Image.Image) -> Image.Image:
        """`image` after this stage; it may be changed in place."""
        return self.work.apply(image)

    def peak(self, before: Frame, after: Frame) -> int:
        """The most bytes held at once, for frames that may be reduced from the planned ones."""
        if isinstance(self.work, Geometry):
            return self.work.peak(before)
        if isinstance(self.work, ColourRun):
            kept = 0 if after.mode == before.mode else after.stored_bytes
            return round(1.05 * (before.stored_bytes + kept)) + 4_000_000
        return self.work.peak(before, after)

    def cost(self) -> float:
        """Work per pixel, in units of decoding one JPEG pixel."""
        if isinstance(self.work, ColourRun):
            return 0.3 * self.work.parts(gray=self.before.mode in ("L", "LA"))
        return self.work.work

    def __str__(self) -> str:
        """One line for people."""
        if isinstance(self.work, Operation):
            given = ", ".join(f"{name} {value}" for name, value in self.work.canonical().items())
            return f"{self.work.name}: {given}" if given else self.work.name
        return str(self.work)


def fuse(stored: Frame, upright: Turn, steps: Sequence[Step]) -> tuple[Stage, ...]:
    """The stages for `steps` on a picture that is `stored` so and has to be turned `upright`.

    - Cuts, turns and one resize become one stage: only what is kept is resampled, and what is
      turned is the result of that. Turning first could change a level by one.
    - Cuts and turns are moved before changes of colour, which do not see where a pixel lies.
    - Changes of colour in a row become one stage.
    """
    works: list[Work] = [Geometry.of(stored.width, stored.height, upright)]
    for step in steps:
        if isinstance(step.operation, OutputOperation):
            continue
        move, colour = step.operation.move(step.before), step.operation.colour()
        if move is not None:
            _add_move(works, move, step.before)
        elif colour is not None:
            _add_colour(
                works,
                ColourRun((step.operation.name,), colour, step.after.mode, step.operation.scales()),
            )
        else:
            works.append(step.operation)
    return _framed(stored, works)


def _add_move(works: list[Work], move: Move, frame: Frame) -> None:
    place = len(works)
    if isinstance(works[-1], ColourRun) and not isinstance(move, Scale):
        place -= 1
    earlier = works[place - 1] if place else None
    joined = earlier.then(move) if isinstance(earlier, Geometry) else None
    if joined is not None:
        works[place - 1] = joined
        return
    alone = Geometry.of(frame.width, frame.height).then(move)
    assert alone is not None
    works.insert(place, alone)


def _add_colour(works: list[Work], run: ColourRun) -> None:
    last = works[-1]
    if isinstance(last, ColourRun):
        linear = last.linear and run.linear
        works[-1] = ColourRun(last.names + run.names, last.steps + run.steps, run.mode, linear)
    else:
        works.append(run)


def _framed(first: Frame, works: list[Work]) -> tuple[Stage, ...]:
    """The stages of `works` with their frames; what does nothing is left out."""
    stages = []
    frame = first
    for work in works:
        if isinstance(work, Geometry):
            after = frame.resized(*work.turn.size(work.size))
            idle = work.nothing
        elif isinstance(work, ColourRun):
            after = frame.in_mode(work.mode)
            idle = work.changes_nothing(frame.mode)
        else:
            after, idle = work.plan(frame), False
        if not idle:
            stages.append(Stage(work, frame, after))
        frame = after
    return tuple(stages)
