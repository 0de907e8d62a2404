"""How a result is written: format, quality, size, metadata and background."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

from image_processor.engine.pixels.css_colour import Colour
from image_processor.engine.writing.output_formats import ALIASES, OUTPUT_FORMATS, canonical_name

AUTO: Literal["auto"] = "auto"
DEFAULT_QUALITY = 85

_NAMES = [*OUTPUT_FORMATS, *ALIASES]
_ANY_CASE = "|".join("".join(f"[{c}{c.lower()}]" for c in name) for name in _NAMES)


def _check_quality(value: object) -> object:
    """Report one error for a wrong value; a union would report one for each of its members."""
    if value == AUTO:
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        raise PydanticCustomError("quality_type", 'must be a whole number or "auto"')
    if value < 1:
        raise PydanticKnownError("greater_than_equal", {"ge": 1})
    if value > 100:
        raise PydanticKnownError("less_than_equal", {"le": 100})
    return value


def _parse_format(value: str) -> str:
    name = canonical_name(value)
    if name is None:
        raise PydanticCustomError(
            "unknown_format", "must be one of {formats}", {"formats": ", ".join(OUTPUT_FORMATS)}
        )
    return name


Quality = Annotated[int, Field(ge=1, le=100)]
QualityOrAuto = Annotated[Quality | Literal["auto"], BeforeValidator(_check_quality)]

# An output format in any case; the value is its upper-case name.
FormatName = Annotated[
    str,
    Field(
        max_length=16,
        json_schema_extra={"pattern": f"^({_ANY_CASE})$", "examples": [*map(str.lower, _NAMES)]},
    ),
    AfterValidator(_parse_format),
]


class Output(BaseModel):
    """The final output options of a pipeline. `format` None means the format of the source.

    If `max_bytes` is given, `quality` is a number and the highest quality to try.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: FormatName | None = None
    quality: QualityOrAuto = DEFAULT_QUALITY
    lossless: bool = False
    max_bytes: int | None = None
    min_quality: Quality = 10
    metadata: Literal["keep", "strip"] | None = None
    background: Colour | None = None

    @property
    def searches_quality(self) -> bool:
        """Whether the quality is found by encoding several times, if the format is lossy."""
        return self.max_bytes is not None or self.quality == AUTO
