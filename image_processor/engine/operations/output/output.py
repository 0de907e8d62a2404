"""Operations that settle how the result is written: compress, change_format."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.operations.base import OutputOperation
from image_processor.engine.operations.parameters import AUTO, Quality, QualityOrAuto
from image_processor.engine.writing.formats import ALIASES, OUTPUT_FORMATS, canonical_name

_NAMES = [*OUTPUT_FORMATS, *ALIASES]
_ANY_CASE = "|".join("".join(f"[{c}{c.lower()}]" for c in name) for name in _NAMES)


def parse_format(value: str) -> str:
    """The upper-case name of an output format. Raises PydanticCustomError for another."""
    name = canonical_name(value)
    if name is None:
        raise PydanticCustomError(
            "unknown_format", "must be one of {formats}", {"formats": ", ".join(OUTPUT_FORMATS)}
        )
    return name


FormatName = Annotated[
    str,
    Field(
        max_length=16,
        json_schema_extra={"pattern": f"^({_ANY_CASE})$", "examples": [*map(str.lower, _NAMES)]},
    ),
    AfterValidator(parse_format),
]


class Compress(OutputOperation):
    """Settle how strongly the result is compressed."""

    name = "compress"
    example: ClassVar[dict[str, Any]] = {"max_bytes": 200_000, "min_quality": 30}
    showcase: ClassVar[dict[str, Any]] = {"quality": 4}

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["quality"]},
                {"required": ["max_bytes"]},
                {"required": ["lossless"]},
            ]
        }
    )

    quality: QualityOrAuto | None = Field(
        default=None,
        description="Quality of a lossy format; auto is the lowest at which the picture still "
        "looks the same.",
    )
    max_bytes: int | None = Field(
        default=None,
        ge=100,
        le=1_000_000_000,
        description="Largest file: the highest quality that stays below it is searched.",
        json_schema_extra={"x-unit": "bytes"},
    )
    min_quality: Quality | None = Field(
        default=None, description="Lowest quality that the search may choose (10)."
    )
    lossless: bool = Field(default=False, description="Keep every pixel as it is.")

    @model_validator(mode="after")
    def _one_way(self) -> Compress:
        if self.quality is None and self.max_bytes is None and not self.lossless:
            raise PydanticCustomError("missing", "give quality, max_bytes or lossless")
        if self.lossless and (self.quality is not None or self.max_bytes is not None):
            raise PydanticCustomError("conflict", "lossless takes neither quality nor max_bytes")
        if self.min_quality is not None and self.max_bytes is None:
            raise PydanticCustomError("conflict", "min_quality belongs to max_bytes")
        if self.quality == AUTO and self.max_bytes is not None:
            raise PydanticCustomError("conflict", "takes either quality auto or max_bytes")
        if isinstance(self.quality, int) and (self.min_quality or 1) > self.quality:
            raise PydanticCustomError("conflict", "min_quality must not exceed quality")
        return self

    def output(self) -> dict[str, Any]:
        if self.lossless:
            return {"lossless": True, "quality": None, "max_bytes": None, "min_quality": None}
        return {
            "lossless": False,
            "quality": self.quality,
            "max_bytes": self.max_bytes,
            "min_quality": self.min_quality,
        }


class ChangeFormat(OutputOperation):
    """Write the result in another format; the request's own `format` wins over it."""

    name = "change_format"
    example: ClassVar[dict[str, Any]] = {"format": "webp"}
    showcase: ClassVar[dict[str, Any]] = {"format": "gif"}

    format: FormatName = Field(description="Format of the result, in any case.")

    def output(self) -> dict[str, Any]:
        return {"format": self.format}
