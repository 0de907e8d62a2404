"""From the steps of a pipeline to the fewest stages that give the same pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Operation, OutputOperation
from image_processor.engine.pixels.fusion_colour import ColourRun
from image_processor.engine.pixels.fusion_geometry import Geometry, Move, Scale, Turn

Work = Geometry | ColourRun | Operation


class Step(NamedTuple):
    """One operation of a pipeline with the frame that goes in and the one that comes out.

    `pointer`: where its parameters stand in the request.
    """

    operation: Operation
    before: Frame
    after: Frame
    pointer: str = "/transformations"


class Stage(NamedTuple):
    """One pass over the picture, with the frame that goes in and the one that comes out.

    The picture itself may be a whole fraction of `before` where every stage so far `scales`.
    `rest`: the steps that follow one whose result depends on the pixels. They are planned again
    when its size is known, and no two of them are one stage before that.
    """

    work: Work
    before: Frame
    after: Frame
    rest: tuple[Step, ...] = ()

    @property
    def looks(self) -> bool:
        """Whether the pixels decide what it does."""
        return isinstance(self.work, Operation) and self.work.looks

    @property
    def resamples(self) -> bool:
        if isinstance(self.work, Operation):
            return self.work.needs(self.before) is not None
        return isinstance(self.work, Geometry) and self.work.kernel is not None

    def shrink(self) -> float:
        """How many pixels of the picture make one of the result, where the stage `resamples`."""
        if isinstance(self.work, Geometry):
            return self.work.shrink()
        needed = self.work.needs(self.before) if isinstance(self.work, Operation) else None
        if needed is None:
            return 1.0
        return min(self.before.width / needed[0], self.before.height / needed[1])

    def scales(self) -> bool:
        """Whether it does the same to a reduced picture."""
        if isinstance(self.work, Geometry):
            return not self.work.cuts and self.work.kernel is None
        return self.work.linear if isinstance(self.work, ColourRun) else self.work.scales()

    def apply(self, image: Image.Image) -> Image.Image:
        """`image` after this stage; it may be changed in place."""
        if isinstance(self.work, Operation):
            return self.work.apply_planned(image, self.before)
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


# A stage that may still grow, or one that stays as it is.
_Part = Geometry | ColourRun | Stage


def fuse(stored: Frame, upright: Turn, steps: Sequence[Step]) -> tuple[Stage, ...]:
    """The stages for `steps` on a picture that is `stored` so and has to be turned `upright`.

    - Cuts, turns and one resize become one stage: only what is kept is resampled, and what is
      turned is the result of that. Turning first could change a level by one.
    - Cuts and turns are moved before changes of colour, which do not see where a pixel lies.
    - Changes of colour in a row become one stage.

    Every other step is a stage of its own that nothing is moved across. So is each that follows
    one whose result depends on the pixels: what it does is known when the size is.
    """
    works: list[_Part] = [Geometry.of(stored.width, stored.height, upright)]
    for number, step in enumerate(steps):
        if isinstance(step.operation, OutputOperation):
            continue
        if not (step.before.exact and step.after.exact):
            rest = () if step.after.exact else tuple(steps[number + 1 :])
            works.append(Stage(step.operation, step.before, step.after, rest))
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
            works.append(Stage(step.operation, step.before, step.after))
    return _framed(stored, works)


def _add_move(works: list[_Part], move: Move, frame: Frame) -> None:
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


def _add_colour(works: list[_Part], run: ColourRun) -> None:
    last = works[-1]
    if isinstance(last, ColourRun):
        linear = last.linear and run.linear
        works[-1] = ColourRun(last.names + run.names, last.steps + run.steps, run.mode, linear)
    else:
        works.append(run)


def _framed(first: Frame, works: list[_Part]) -> tuple[Stage, ...]:
    """The stages of `works` with their frames; what does nothing is left out."""
    stages = []
    frame = first
    for work in works:
        if isinstance(work, Stage):
            stages.append(work)
            frame = work.after
            continue
        if isinstance(work, Geometry):
            after = frame.resized(*work.turn.size(work.size))
            idle = work.nothing
        else:
            after = frame.in_mode(work.mode)
            idle = work.changes_nothing(frame.mode)
        if not idle:
            stages.append(Stage(work, frame, after))
        frame = after
    return tuple(stages)
