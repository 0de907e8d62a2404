"""Bodies of transforms and previews of one image."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.requests.bodies.pipeline import PipelineRequest


class TransformRequest(PipelineRequest):
    """The body of `POST images/<id>/transform/` and of its plan."""

    mode: Literal["async", "sync"] = Field(
        "async", description="sync holds the answer until the task has ended."
    )


class PreviewRequest(PipelineRequest):
    """The body of `POST images/<id>/preview/`."""

    encoded: bool = Field(
        False, description="Preview in the format and quality of the finished result."
    )
