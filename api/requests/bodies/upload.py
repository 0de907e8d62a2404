"""The forms of uploads: an image, and an image with a pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, BinaryIO, ClassVar, Self, cast

from django.conf import settings
from pydantic import ConfigDict, Field, model_validator

from api.requests.bodies.pipeline import move_problems
from api.requests.bodies.transform import TransformRequest
from api.requests.body import ABSENT
from api.requests.body_errors import carry
from api.requests.fields import Description
from api.requests.form import FormBody, FormFile
from image_processor import engine
from image_processor.engine.planning.pipeline_errors import describe_value, json_value, wrong_type
from utils.errors import Problem

# Names of the artistic operations, in capitals as clients of sister systems send them.
STYLES = {
    item["name"].upper(): item["name"] for item in engine.catalogue() if item["group"] == "artistic"
}


def upload_help() -> str:
    """What a file may be, for the OpenAPI document."""
    return (
        f"JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or MPO, at most "
        f"{settings.IMAGE_MAX_FILE_SIZE_MB} MB, {settings.IMAGE_MAX_PIXEL_SIZE} px a side and "
        f"{settings.IMAGE_MAX_PIXELS} pixels over all frames."
    )


class UploadRequest(FormBody):
    """The form of `POST images/upload/`."""

    model_config = ConfigDict(extra="ignore")
    ignores_other_texts: ClassVar = True

    # The engine checks whether the file is an image.
    file: FormFile = Field(description="Or as `image`.")
    file_name: str = Field("", description="By default, or if empty, the name of the file.")
    description: Description = ""

    @property
    def content(self) -> BinaryIO:
        """The bytes of the file, in memory or on the disk."""
        return cast(BinaryIO, self.file.file)


class TransformUploadRequest(UploadRequest, TransformRequest):
    """The form of `POST images/transform/`: an upload, and its pipeline in one of three ways."""

    # An option that is misspelt would make another picture.
    model_config = ConfigDict(extra="forbid", json_schema_extra={})
    ignores_other_texts: ClassVar = False
    input_fields: ClassVar = frozenset(UploadRequest.model_fields)

    style: Annotated[str, Field(json_schema_extra={"enum": list(STYLES)})] = Field(
        ABSENT,
        description="In place of transformations: one artistic step, in upper or lower case.",
    )
    params: dict[str, Any] = Field(ABSENT, description="The parameters of the style, as JSON.")

    @classmethod
    def parse(cls, data: Any) -> Self:
        if "style" not in data:
            return super().parse(data)
        if data.get("params") in ("", "null"):  # no parameters, as some clients write it
            data = data.copy()
            del data["params"]
        with move_problems(_at_style):
            return super().parse(data)

    def locate(self, problem: Problem) -> Problem:
        return _at_style(problem) if "style" in self.model_fields_set else problem

    @model_validator(mode="before")
    @classmethod
    def _step_of_style(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Make the style a pipeline of one step."""
        if "style" not in fields:
            if "params" in fields:
                detail = "params belong to a style, and the form has no style."
                raise carry(Problem("/params", "conflict", detail))
            return fields
        for other in ("transformations", "preset"):
            if other in fields:
                detail = f"style and {other} exclude each other: a style is the only step."
                raise carry(Problem("/style", "conflict", detail))
        style, params = fields["style"], fields.get("params", {})
        name = STYLES.get(str(style).upper())
        if name is None:
            detail = f"style must be one of {', '.join(STYLES)} but is {describe_value(style)}."
            raise carry(Problem("/style", "not_a_choice", detail, list(STYLES), json_value(style)))
        if not isinstance(params, dict):
            raise carry(wrong_type("/params", "params", "an object", params))
        return {**fields, "transformations": [{"operation": name, "params": params}]}


def _at_style(problem: Problem) -> Problem:
    """Move a problem of the style's step to `/style` or to its parameter below `/params`."""
    step = "/transformations/0"
    if problem.pointer.startswith(f"{step}/params/"):
        return replace(problem, pointer=problem.pointer.removeprefix(step))
    of_steps = problem.pointer.startswith("/transformations")
    return replace(problem, pointer="/style") if of_steps else problem
