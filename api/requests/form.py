"""The base of multipart forms: each text becomes the value that a JSON body would have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, Self, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from pydantic import ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from rest_framework.exceptions import ParseError

from api.http.invalid_input import invalid_input
from api.requests.body import Body
from api.requests.parsers import parse_json
from image_processor.engine.planning.pipeline_errors import (
    describe_value,
    escape_pointer,
    invalid_pipeline,
)
from utils.errors import Problem


def _require_file(value: object) -> object:
    if not isinstance(value, UploadedFile):
        raise PydanticCustomError("type", "must be a file")
    return value


FormFile = Annotated[
    UploadedFile,
    PlainValidator(_require_file),
    WithJsonSchema({"type": "string", "format": "binary"}),
]


class FormBody(Body):
    """A form whose texts are JSON where a field takes more than a text.

    So `quality` may be `85` (a number) or `auto` (a text), and `preset` is `12` for an id and
    `"12"` for a name. A file is also taken under the name `image`.
    """

    # Upload libraries send texts of their own with a file, such as its name, type and folder.
    ignores_other_texts: ClassVar = False

    model_config = ConfigDict(arbitrary_types_allowed=True)

    @classmethod
    def parse(cls, data: object) -> Self:
        form = cast(QueryDict, data)  # the views accept multipart forms only
        if "file" not in form and "image" in form:
            form = form.copy()
            form.setlist("file", form.pop("image"))
        if problems := list(cls._find_problems(form)):
            raise invalid_input(problems)
        return super().parse(
            {name: cls._decode(name, form[name]) for name in form if name in cls.model_fields}
        )

    @classmethod
    def _find_problems(cls, form: QueryDict) -> Iterator[Problem]:
        """Unknown fields, fields sent twice, and texts that no field can hold."""
        known = ", ".join(cls.model_fields)
        for name, values in form.lists():
            pointer = f"/{escape_pointer(name)}"
            if name not in cls.model_fields:
                is_file = any(isinstance(value, UploadedFile) for value in values)
                if is_file or not cls.ignores_other_texts:
                    detail = f"Unknown field {describe_value(name)}. Fields: {known}."
                    yield Problem(pointer, "unknown_field", detail)
            elif len(values) > 1:
                yield Problem(pointer, "repeated", f"{name} was sent {len(values)} times.")
            elif isinstance(values[0], str) and "\0" in values[0]:
                detail = f"{name} has a NUL character, which no field can hold."
                yield Problem(pointer, "null_characters_not_allowed", detail)

    @classmethod
    def _decode(cls, name: str, sent: Any) -> Any:
        types = cls._types()[name]
        if not isinstance(sent, str) or types == {"string"}:
            return sent
        try:
            return parse_json(sent.encode(), name)
        except ParseError as error:
            if "object" not in types:
                return sent  # a text such as `auto`; the model refuses any other text
            raise invalid_pipeline(
                [Problem(f"/{name}", "invalid_json", str(error.detail))]
            ) from error

    @classmethod
    @cache
    def _types(cls) -> dict[str, set[str]]:
        """The JSON types that each field takes; arrays count as objects."""
        fields = super().openapi()["properties"]
        return {
            name: {each.get("type", "object") for each in field.get("anyOf", [field])} - {"null"}
            for name, field in fields.items()
        }

    @classmethod
    def openapi(cls) -> dict[str, Any]:
        schema = super().openapi()
        for name, types in cls._types().items():
            field = schema["properties"][name]
            members = field.pop("anyOf", [])
            if types == {"string"}:
                field |= members[0] if members else {}  # the other one is null
                continue
            text = {"type": "string", "description": field["description"]}
            if "object" in types:
                text["contentMediaType"] = "application/json"
            schema["properties"][name] = text
        return schema
