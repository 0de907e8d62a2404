"""change_format: the format of the result."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.writing.options import FormatName


class ChangeFormat(OutputOperation):
    """Write the result in another format; the `format` of the request itself takes precedence."""

    name = "change_format"
    example: ClassVar[dict[str, Any]] = {"format": "webp"}

    format: FormatName = Field(description="Format of the result, in small or capital letters.")

    def output_options(self) -> dict[str, Any]:
        return {"format": self.format}
