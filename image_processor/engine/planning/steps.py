"""Planning the steps of a pipeline one after the other: the frame before and after each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from image_processor.engine.errors import OutputTooLarge
from image_processor.engine.frame import Frame
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.capabilities import (
    FusesColour,
    FusesGeometry,
    OutputOperation,
)
from image_processor.engine.pixels.colour_steps import ColourStep
from image_processor.engine.pixels.fused_geometry import Move
from image_processor.engine.planning.pipeline import Pipeline
from utils.errors import DomainError


class Step(NamedTuple):
    """One operation, the frame it gets and the frame it returns.

    `pointer` points at its parameters in the request.
    """

    operation: Operation
    before: Frame
    after: Frame
    pointer: str = "/transformations"

    def move(self) -> Move | None:
        """What the step does if it only crops, scales or turns."""
        operation = self.operation
        return operation.move(self.before) if isinstance(operation, FusesGeometry) else None

    def colour_steps(self) -> Sequence[ColourStep] | None:
        """What the step does if it only changes the colour of each pixel by itself."""
        operation = self.operation
        return operation.colour_steps() if isinstance(operation, FusesColour) else None


def plan_pipeline(first: Frame, pipeline: Pipeline, limits: Limits) -> tuple[Step, ...]:
    """All steps of `pipeline` on an image of `first`. Raises what `plan_steps` raises."""
    operations = (
        (operation, f"/transformations/{index}/params")
        for index, operation in enumerate(pipeline.operations)
    )
    return plan_steps(first, operations, limits)


def plan_steps(
    first: Frame, operations: Iterable[tuple[Operation, str]], limits: Limits
) -> tuple[Step, ...]:
    """The steps for `operations` and their pointers, on an image of `first`.

    Raises the error of the first operation that does not fit its frame, or OutputTooLarge. Steps on
    a frame that is not exact are not refused: they are planned again once its size is known.
    """
    steps: list[Step] = []
    frame = first
    for operation, pointer in operations:
        try:
            after = _plan_operation(operation, frame, pointer, limits)
        except DomainError:
            if frame.exact:
                raise
            after = frame
        steps.append(Step(operation, frame, after, pointer))
        frame = after
    return tuple(steps)


def pixel_steps(steps: Iterable[Step]) -> list[Step]:
    """`steps` without those that only set output options."""
    return [step for step in steps if not isinstance(step.operation, OutputOperation)]


def replan_steps(first: Frame, steps: Iterable[Step], limits: Limits) -> tuple[Step, ...]:
    """The operations of `steps` on an image of `first`. Raises what `plan_steps` raises."""
    return plan_steps(first, ((step.operation, step.pointer) for step in steps), limits)


def _plan_operation(operation: Operation, frame: Frame, pointer: str, limits: Limits) -> Frame:
    """The frame after `operation`. Errors point into the request."""
    try:
        after = operation.plan(frame)
    except DomainError as error:
        raise type(error)(
            error.detail,
            pointer=pointer + error.pointer,
            limit=error.limit,
            actual=error.actual,
        ) from None
    check_sides(after, limits.max_output_side, f"The result of {operation.name}", pointer)
    return after


def check_sides(frame: Frame, limit: int, what: str, pointer: str) -> None:
    """Raise OutputTooLarge if a side of `frame` is longer than `limit`."""
    longest = max(frame.width, frame.height)
    if longest > limit:
        raise OutputTooLarge(
            f"{what} would be {frame.width}x{frame.height} pixels; "
            f"each side may be at most {limit}.",
            pointer=pointer,
            limit=limit,
            actual=longest,
        )
