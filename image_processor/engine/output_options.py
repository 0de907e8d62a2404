"""How a result is written: what the request says besides its steps."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from image_processor.engine.operations.output import FormatName
from image_processor.engine.operations.parameters import Colour, Quality


class Request(BaseModel):
    """The options of a request beside its steps, as they are checked."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: FormatName | None = None
    quality: Quality | None = None
    lossless: bool = False
    metadata: Literal["keep", "strip"] | None = None
    background: Colour | None = None


class Output(BaseModel):
    """Everything settled about the written file; `format` None means the source's own.

    `quality` is the upper bound where `max_bytes` is given.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: FormatName | None = None
    quality: Quality = 85
    lossless: bool = False
    max_bytes: int | None = None
    min_quality: Quality = 10
    metadata: Literal["keep", "strip"] | None = None
    background: Colour | None = None
