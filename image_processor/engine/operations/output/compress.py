"""compress: the quality or the size of the result's file."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.operations.parameters import given
from image_processor.engine.writing.options import AUTO, Quality, QualityOrAuto


class Compress(OutputOperation):
    """Choose how strongly the result is compressed."""

    name = "compress"
    example: ClassVar[dict[str, Any]] = {"max_bytes": 200_000, "min_quality": 30}

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                given("quality"),
                given("max_bytes"),
                {"required": ["lossless"], "properties": {"lossless": {"enum": [True]}}},
            ]
        }
    )

    quality: QualityOrAuto | None = Field(
        default=None,
        description="Quality of a lossy format; auto finds the lowest at which the picture still "
        "looks the same.",
    )
    max_bytes: int | None = Field(
        default=None,
        ge=100,
        le=1_000_000_000,
        description="Largest file size; the highest quality that keeps to it is found.",
        json_schema_extra={"x-unit": "bytes"},
    )
    min_quality: Quality | None = Field(
        default=None, description="Lowest quality for a largest file size; 10 by default."
    )
    lossless: bool = Field(default=False, description="Keep every pixel exactly.")

    @model_validator(mode="after")
    def _check_combination(self) -> Compress:
        if self.quality is None and self.max_bytes is None and not self.lossless:
            raise PydanticCustomError("missing", "needs quality, max_bytes or lossless")
        if self.lossless and (self.quality is not None or self.max_bytes is not None):
            raise PydanticCustomError(
                "conflict", "cannot combine lossless with quality or max_bytes"
            )
        if self.min_quality is not None and self.max_bytes is None:
            raise PydanticCustomError("conflict", "takes min_quality only with max_bytes")
        if self.quality == AUTO and self.max_bytes is not None:
            raise PydanticCustomError("conflict", "cannot combine quality auto with max_bytes")
        if isinstance(self.quality, int) and (self.min_quality or 1) > self.quality:
            raise PydanticCustomError("conflict", "needs a min_quality of at most quality")
        return self

    def output_options(self) -> dict[str, Any]:
        if self.lossless:
            return {"lossless": True, "quality": None, "max_bytes": None, "min_quality": None}
        return {
            "lossless": False,
            "quality": self.quality,
            "max_bytes": self.max_bytes,
            "min_quality": self.min_quality,
        }
