"""A validated pipeline: its operations and its output options."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict

from pydantic import ValidationError

from image_processor.engine.errors import InvalidPipeline, OverlayMissing
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.capabilities import (
    MovesPoints,
    OutputOperation,
    TakesFocalPoint,
)
from image_processor.engine.operations.overlay.watermark import Watermark
from image_processor.engine.planning.output_request import OutputRequest, combine_options
from image_processor.engine.planning.parsing import parse_steps
from image_processor.engine.planning.pipeline_errors import invalid_pipeline, model_problems
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.writing.options import DEFAULT_QUALITY, Output
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from utils.errors import Problem


class FocalPoint(TypedDict):
    """The most important point of an image, as fractions from the left and from the top."""

    x: float
    y: float


@dataclass(frozen=True)
class Pipeline:
    """1 to 32 valid operations in the order of the request, and the final output options.

    `steps` is the request for display: `[{"operation": ..., "params": {...}}]`. `overlays` holds
    the watermark images by id, once they are known.
    """

    operations: tuple[Operation, ...]
    output: Output
    steps: list[dict[str, Any]]
    overlays: Mapping[int, Overlay] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(
        cls,
        transformations: object,
        *,
        format: str | None = None,  # noqa: A002 - the request's name for it
        quality: int | Literal["auto"] | None = None,
        lossless: bool = False,
        metadata: Literal["keep", "strip"] | None = None,
        background: str | None = None,
        default_quality: int = DEFAULT_QUALITY,
    ) -> Pipeline:
        """Validate a request. Raises InvalidPipeline with all problems found.

        The options override those of the steps. `default_quality` applies if neither gives one.
        """
        problems: list[Problem] = []
        operations: list[Operation] = []
        request = OutputRequest()
        try:
            operations = parse_steps(transformations)
        except InvalidPipeline as error:
            problems.extend(error.errors)
        try:
            request = OutputRequest.model_validate(
                {
                    "format": format,
                    "quality": quality,
                    "lossless": lossless,
                    "metadata": metadata,
                    "background": background,
                }
            )
        except ValidationError as error:
            problems.extend(model_problems(error, "", OutputRequest))
        if problems:
            raise invalid_pipeline(problems)
        output = combine_options(operations, request, default_quality)
        assert isinstance(transformations, list)
        steps = [
            {"operation": step["operation"], "params": copy.deepcopy(step.get("params", {}))}
            for step in transformations
        ]
        return cls(tuple(operations), output, steps)

    @classmethod
    def from_canonical(cls, values: dict[str, Any]) -> Pipeline:
        """The inverse of `canonical`. Raises InvalidPipeline for anything else."""
        try:
            output = Output.model_validate(values["output"])
            steps = copy.deepcopy(values["steps"])
        except ValidationError as error:
            raise invalid_pipeline(model_problems(error, "/output", Output)) from error
        except (KeyError, TypeError) as error:
            raise InvalidPipeline("The stored pipeline lacks its steps or its output.") from error
        return cls(tuple(parse_steps(steps)) if steps else (), output, steps)

    def canonical(self) -> dict[str, Any]:
        """The pipeline as JSON values, with all defaults; equal for pipelines of equal meaning.

        The output options include those of the steps that only set output options.
        """
        output = self.output.model_dump(mode="json")
        written = OUTPUT_FORMATS.get(self.output.format or "")
        if self.output.lossless or (written is not None and not written.lossy):
            output["quality"] = DEFAULT_QUALITY
        if self.output.max_bytes is None:
            output["min_quality"] = Output.model_fields["min_quality"].default
        return {
            "steps": [
                {"operation": step.name, "params": step.canonical()}
                for step in self.operations
                if not isinstance(step, OutputOperation)
            ],
            "output": output,
        }

    def overlay_ids(self) -> dict[str, int]:
        """JSON pointer -> id of each image that a step lays over the picture."""
        return {
            f"/transformations/{index}/params/image_id": step.image_id
            for index, step in enumerate(self.operations)
            if isinstance(step, Watermark) and step.image_id is not None
        }

    def with_overlays(self, overlays: Mapping[int, Overlay]) -> Pipeline:
        """This pipeline with the images that its steps lay over the picture.

        Planning and rendering need them. Raises OverlayMissing if `overlays` lacks one.
        """
        operations = list(self.operations)
        for index, step in enumerate(operations):
            if not isinstance(step, Watermark) or step.image_id is None:
                continue
            if step.image_id not in overlays:
                raise OverlayMissing(
                    f"The watermark image {step.image_id} was not provided.",
                    pointer=f"/transformations/{index}/params/image_id",
                )
            operations[index] = step.with_overlay(overlays[step.image_id])
        used = {number: overlays[number] for number in self.overlay_ids().values()}
        return replace(self, operations=tuple(operations), overlays=used)

    def with_focal_point(self, facts: Facts, focal_point: FocalPoint | None = None) -> Pipeline:
        """This pipeline with the image's focal point (the centre if None) in its steps.

        The point is a fraction of the upright image. Earlier steps move it. It becomes part of
        the canonical form, which identifies a stored result. Call this after `plan` has accepted
        the pipeline. Raises ValueError for a point outside of 0..1.
        """
        point = (0.5, 0.5) if focal_point is None else (focal_point["x"], focal_point["y"])
        if not all(0 <= part <= 1 for part in point):
            raise ValueError(f"The focal point {point} lies outside of 0..1.")
        if not any(map(_awaits_focal_point, self.operations)):
            return self
        frame = Frame(facts.width, facts.height, "RGB")
        operations = []
        for operation in self.operations:
            if _awaits_focal_point(operation):
                focal = {"focal_x": float(point[0]), "focal_y": float(point[1])}
                operation = operation.model_copy(update=focal)
            operations.append(operation)
            if isinstance(operation, MovesPoints):
                point = operation.move_point(point, frame)
            frame = operation.plan(frame)
        return replace(self, operations=tuple(operations))


def _awaits_focal_point(operation: Operation) -> bool:
    return isinstance(operation, TakesFocalPoint) and operation.awaits_focal_point()
