"""JSON as the API accepts it: values that the database can store, nested to a limited depth."""

from __future__ import annotations

import codecs
import math
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from pydantic_core import from_json
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser

from api.requests.upload_handlers import RefusedUpload
from utils.errors import DomainError

# No valid body is nested nearly as deep. The library's own limit is 200.
MAX_DEPTH = 100
_EXACT = 2**53
_MAX_BYTES: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class BodyTooLarge(DomainError):
    code = "body_too_large"
    status = 413
    title = "Request body too large"


class StrictJSONParser(BaseParser):
    """Parse a JSON body in UTF-8. See `parse_json` for what it refuses."""

    media_type = "application/json"

    limit: int = _MAX_BYTES

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return parse_json(_read(stream, self.limit).removeprefix(codecs.BOM_UTF8), "The body")


class UrlEncodedParser(FormParser):
    """Parse an urlencoded form in UTF-8. Django would replace other bytes by U+FFFD."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = _read(stream, _MAX_BYTES)
        _require_utf8(unquote_to_bytes(body))
        return super().parse(BytesIO(body), media_type, parser_context)


class FieldsParser(MultiPartParser):
    """Parse a multipart form of texts in UTF-8.

    Nobody may send files to a route that takes none.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        request.upload_handlers = [RefusedUpload(request)]
        body = _read(stream, _MAX_BYTES)
        parsed = super().parse(BytesIO(body), media_type, parser_context)
        _require_utf8(body)
        return parsed


def _read(stream: IO[Any], limit: int) -> bytes:
    """The whole body. Raises `BodyTooLarge`."""
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge(f"The body is larger than {limit} bytes.", limit=limit, actual=len(body))
    return body


def _require_utf8(form: bytes) -> None:
    try:
        form.decode()
    except UnicodeDecodeError as error:
        raise ParseError(f"The form is not UTF-8: {error.reason} at {error.start}.") from error


# Of routes whose bodies have only texts.
FORM_PARSERS: list[type[BaseParser]] = [StrictJSONParser, UrlEncodedParser, FieldsParser]


def parse_json(text: bytes, name: str) -> Any:
    """The value of a JSON text, called `name` in errors.

    JSON has one kind of number, so 100.0 is the whole number 100.

    Raises `ParseError` for invalid JSON or UTF-8, lone surrogates, NUL characters, numbers beyond
    a float or of more than 4,300 digits, and for more than `MAX_DEPTH` levels.
    """
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise ParseError(f"{name} is not valid JSON: {error}.") from error
    _check_values(value, name)
    return value


def _check_values(value: Any, name: str) -> None:
    level = [value]
    for depth in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict | list):
                _make_whole(item)
            if isinstance(item, dict):
                deeper += (*item.keys(), *item.values())
            elif isinstance(item, list):
                deeper += item
            elif isinstance(item, str) and "\0" in item:
                raise ParseError(f"{name} has a NUL character (\\u0000), which no field can hold.")
            elif isinstance(item, float) and not math.isfinite(item):
                raise ParseError(f"{name} has a number that is too large.")
            if depth == MAX_DEPTH and isinstance(item, dict | list):
                raise ParseError(f"{name} is nested deeper than {MAX_DEPTH} levels.")
        level = deeper


def _make_whole(container: dict[str, Any] | list[Any]) -> None:
    """Replace the numbers of a container that have no fraction, as far as a float is exact."""
    pairs: Any = container.items() if isinstance(container, dict) else enumerate(container)
    for place, value in list(pairs):
        if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
            container[place] = int(value)
