"""How a result is written: what the request says besides its steps."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from image_processor.engine.operations.output.output import FormatName
from image_processor.engine.operations.parameters import AUTO, Colour, Quality, QualityOrAuto


class Request(BaseModel):
    """The options of a request beside its steps, as they are checked."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: FormatName | None = Field(
        None, description="Output format in any case; the source's own if absent."
    )
    quality: QualityOrAuto | None = Field(
        None,
        description="Of a lossy format; auto is the lowest at which the result still looks the "
        "same. The task shows the one that was used.",
    )
    lossless: bool = Field(False, description="Keep every pixel as it is.")
    metadata: Literal["keep", "strip"] | None = Field(
        None,
        description="EXIF of the source: keep writes it without position and serial numbers, strip "
        "writes none. By default artist and copyright are written.",
    )
    background: Colour | None = Field(None, description="Colour under transparent parts.")


class Output(BaseModel):
    """Everything settled about the written file; `format` None means the source's own.

    `quality` is the upper bound where `max_bytes` is given, and a number then.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: FormatName | None = None
    quality: QualityOrAuto = 85
    lossless: bool = False
    max_bytes: int | None = None
    min_quality: Quality = 10
    metadata: Literal["keep", "strip"] | None = None
    background: Colour | None = None

    @property
    def searches(self) -> bool:
        """Whether the quality of a lossy file is found by writing it several times."""
        return self.max_bytes is not None or self.quality == AUTO
