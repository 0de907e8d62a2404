"""A validated list of steps and how its result is written."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict

from pydantic import ValidationError

from image_processor.engine.errors import InvalidPipeline, OverlayMissing
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Operation, OutputOperation
from image_processor.engine.operations.overlay.watermark import Watermark
from image_processor.engine.operations.parameters import AUTO
from image_processor.engine.planning.output_options import Output, Request
from image_processor.engine.planning.validation import from_pydantic, parse_steps, refused
from image_processor.engine.reading.overlays import Overlay
from image_processor.engine.writing.formats import OUTPUT_FORMATS
from utils.errors import Problem

DEFAULT_QUALITY = 85


class FocalPoint(TypedDict):
    """The point of a picture that matters most, as fractions from the left and from the top."""

    x: float
    y: float


@dataclass(frozen=True)
class Pipeline:
    """1 to 32 valid steps in the order of the request, and the settled output options.

    `steps` is what was asked for, for display: `[{"operation": ..., "params": {...}}]`.
    """

    operations: tuple[Operation, ...]
    output: Output
    steps: list[dict[str, Any]]
    laid_over: Mapping[int, Overlay] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(
        cls,
        transformations: object,
        *,
        format: str | None = None,  # noqa: A002 - the request's own name for it
        quality: int | Literal["auto"] | None = None,
        lossless: bool = False,
        metadata: Literal["keep", "strip"] | None = None,
        background: str | None = None,
        default_quality: int = DEFAULT_QUALITY,
    ) -> Pipeline:
        """Check everything once. Raises InvalidPipeline with all problems found.

        `format`, `quality` and `lossless` win over what steps say; the last step wins over
        earlier ones; `default_quality` holds where nobody says.
        """
        problems: list[Problem] = []
        operations: list[Operation] = []
        request = Request()
        try:
            operations = parse_steps(transformations)
        except InvalidPipeline as error:
            problems.extend(error.errors)
        try:
            request = Request.model_validate(
                {
                    "format": format,
                    "quality": quality,
                    "lossless": lossless,
                    "metadata": metadata,
                    "background": background,
                }
            )
        except ValidationError as error:
            problems.extend(from_pydantic(error, "", Request))
        if problems:
            raise refused(problems)
        output = _settle(operations, request, default_quality)
        assert isinstance(transformations, list)
        steps = [
            {"operation": step["operation"], "params": copy.deepcopy(step.get("params", {}))}
            for step in transformations
        ]
        return cls(tuple(operations), output, steps)

    def overlays(self) -> dict[str, int]:
        """Where the steps name images to lay over the picture (JSON pointers), and their ids."""
        return {
            f"/transformations/{index}/params/image_id": step.image_id
            for index, step in enumerate(self.operations)
            if isinstance(step, Watermark) and step.image_id is not None
        }

    def with_overlays(self, overlays: Mapping[int, Overlay]) -> Pipeline:
        """This pipeline with the images that its steps name: what can be planned and run.

        Raises OverlayMissing where one is not in `overlays`.
        """
        operations = list(self.operations)
        for index, step in enumerate(operations):
            if not isinstance(step, Watermark) or step.image_id is None:
                continue
            if step.image_id not in overlays:
                raise OverlayMissing(
                    f"The image {step.image_id}, which is laid over the picture, was not given.",
                    pointer=f"/transformations/{index}/params/image_id",
                )
            operations[index] = step.with_overlay(overlays[step.image_id])
        used = {number: overlays[number] for number in self.overlays().values()}
        return replace(self, operations=tuple(operations), laid_over=used)

    def overlay_bytes(self) -> int:
        """What the files of the resolved images take, all held while the pipeline runs."""
        return sum(overlay.facts.size_bytes for overlay in self.laid_over.values())

    def overlay_cost(self) -> float:
        """The work of decoding the resolved images, in the units of a plan."""
        return sum(overlay.cost for overlay in self.laid_over.values())

    def canonical(self) -> dict[str, Any]:
        """JSON-able, with defaults filled in: equal meaning gives equal JSON.

        Steps that only settle the output are folded into it.
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

    def with_focal_point(self, facts: Facts, focal_point: FocalPoint | None = None) -> Pipeline:
        """This pipeline with the picture's focal point (the centre if None) in its steps.

        The point is a fraction of the upright picture; steps before the one that asks for it
        move it. Its numbers are part of the canonical form, so what is stored under that form
        depends on them. Call it after `plan` has found every step possible. Raises ValueError
        for a point outside of 0..1.
        """
        point = (0.5, 0.5) if focal_point is None else (focal_point["x"], focal_point["y"])
        if not all(0 <= part <= 1 for part in point):
            raise ValueError(f"The focal point {point} lies outside of 0..1.")
        frame = Frame(facts.width, facts.height, "RGB")
        operations = []
        for operation in self.operations:
            if operation.awaits_focal():
                focal = {"focal_x": float(point[0]), "focal_y": float(point[1])}
                operation = operation.model_copy(update=focal)
            operations.append(operation)
            point = operation.moved(point, frame)
            frame = operation.plan(frame)
        return replace(self, operations=tuple(operations))

    @classmethod
    def from_canonical(cls, values: dict[str, Any]) -> Pipeline:
        """The pipeline of `canonical()`. Raises InvalidPipeline if it is not one."""
        try:
            output = Output.model_validate(values["output"])
            steps = copy.deepcopy(values["steps"])
        except ValidationError as error:
            raise refused(list(from_pydantic(error, "/output", Output))) from error
        except (KeyError, TypeError) as error:
            raise InvalidPipeline("The stored pipeline lacks its steps or its output.") from error
        return cls(tuple(parse_steps(steps)) if steps else (), output, steps)


def _settle(operations: list[Operation], request: Request, default_quality: int) -> Output:
    settled: dict[str, Any] = {}
    for operation in operations:
        settled.update(operation.output())
    asked = request.model_dump(exclude_none=True)
    if not request.lossless:
        del asked["lossless"]
    settled = {name: value for name, value in {**settled, **asked}.items() if value is not None}
    lowest = settled.get("min_quality", 1)
    settled.setdefault("quality", max(default_quality, lowest))
    if settled["quality"] == AUTO:
        if "max_bytes" in settled:
            detail = "quality auto and the max_bytes of compress exclude each other."
            raise refused([Problem("/quality", "conflict", detail)])
    elif lowest > settled["quality"]:
        detail = f"quality {settled['quality']} is below the min_quality {lowest} of compress."
        raise refused([Problem("/quality", "conflict", detail, lowest, settled["quality"])])
    return Output.model_validate(settled)
