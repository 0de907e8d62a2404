"""JSON as the API accepts it: UTF-8 text that PostgreSQL can hold, of sane depth."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from utils.errors import DomainError

# Nothing that a body may hold is nearly as deep.
MAX_DEPTH = 100


class BodyTooLarge(DomainError):
    code = "body_too_large"
    status = 413
    title = "The request body is too large"


class StrictJSONParser(BaseParser):
    """Parse a JSON body; refuses what is not UTF-8, NaN, lone surrogates, NUL, and deep nesting."""

    media_type = "application/json"

    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = self.limit
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge(
                f"The body is larger than {limit} bytes.", limit=limit, actual=len(body)
            )
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(f"The body is not UTF-8: byte {error.start} is invalid.") from error
        return strict_json(text.removeprefix(codecs.BOM_UTF8.decode()), "The body")


def strict_json(text: str, what: str) -> Any:
    """The value of a JSON text, which `what` names; raises `ParseError`."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        _check_depth(value, what)
        # Lone surrogates cannot be encoded, so what passes here can be stored.
        plain = json.dumps(value, ensure_ascii=False, allow_nan=False)
        plain.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ParseError(f"{what} has a lone surrogate, which is no character.") from error
    except RecursionError as error:
        raise _too_deep(what) from error
    except ValueError as error:
        raise ParseError(f"{what} is not valid JSON: {error}") from error
    if "\\u0000" in plain:
        raise ParseError(f"{what} has a NUL character (\\u0000), which no field can hold.")
    return value


def _check_depth(value: Any, what: str) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [item for item in level if isinstance(item, (list, dict))]
        if not level:
            return
        level = [
            inner for item in level for inner in (item.values() if isinstance(item, dict) else item)
        ]
    raise _too_deep(what)


def _too_deep(what: str) -> ParseError:
    return ParseError(f"{what} is nested deeper than {MAX_DEPTH} levels.")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")
