"""The output options of a request, and the final options once the steps are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.pixels.css_colour import Colour
from image_processor.engine.planning.pipeline_errors import invalid_pipeline
from image_processor.engine.writing.options import AUTO, FormatName, Output, QualityOrAuto
from utils.errors import Problem


class OutputRequest(BaseModel):
    """The output options that a request may give beside its steps."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: FormatName | None = Field(
        None, description="Output format in any case; by default that of the source."
    )
    quality: QualityOrAuto | None = Field(
        None,
        description="Quality of a lossy format; auto finds the lowest at which the result still "
        "looks the same. The task shows the quality that was used.",
    )
    lossless: bool = Field(False, description="Keep every pixel as it is.")
    metadata: Literal["keep", "strip"] | None = Field(
        None,
        description="EXIF, XMP, IPTC and resolution of the source: keep writes them without "
        "position and serial numbers, strip writes none. By default only the credit is written: "
        "artist, copyright, source and licence.",
    )
    background: Colour | None = Field(None, description="Colour under transparent parts.")


def combine_options(
    operations: Iterable[Operation], request: OutputRequest, default_quality: int
) -> Output:
    """The final output options. The request overrides the steps, later steps override earlier.

    Raises InvalidPipeline if the options contradict each other.
    """
    options: dict[str, Any] = {}
    for operation in operations:
        if isinstance(operation, OutputOperation):
            options |= operation.output_options()
    requested = request.model_dump(exclude_none=True)
    if not request.lossless:
        del requested["lossless"]
    options = {name: value for name, value in {**options, **requested}.items() if value is not None}
    lowest = options.get("min_quality", 1)
    options.setdefault("quality", max(default_quality, lowest))
    if options["quality"] == AUTO:
        if "max_bytes" in options:
            detail = "quality auto cannot be combined with the max_bytes of compress."
            raise invalid_pipeline([Problem("/quality", "conflict", detail)])
    elif lowest > options["quality"]:
        detail = f"quality {options['quality']} is below the min_quality {lowest} of compress."
        raise invalid_pipeline(
            [Problem("/quality", "conflict", detail, lowest, options["quality"])]
        )
    return Output.model_validate(options)
