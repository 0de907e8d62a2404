"""Which parameters of an operation are lengths in pixels: those whose declared unit says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

_PIXELS = "px"


def scaled_lengths(parameters: BaseModel, scale: float) -> dict[str, Any]:
    """The parameters in pixels, times `scale`; whole numbers stay whole.

    Meant for `model_copy`, which checks no ranges: what is thin becomes thinner than a request
    may ask for, or nothing.
    """
    return _scaled(parameters, _schema(type(parameters))["properties"], scale)


@cache
def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    return kind.model_json_schema(by_alias=False)


def _scaled(parameters: BaseModel, properties: Mapping[str, Any], scale: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in type(parameters).model_fields:
        value = getattr(parameters, name)
        for form in _forms(properties.get(name, {})):
            if isinstance(value, BaseModel) and "properties" in form:
                found[name] = value.model_copy(update=_scaled(value, form["properties"], scale))
            elif form.get("x-unit") == _PIXELS and _is_number(value):
                found[name] = round(value * scale) if isinstance(value, int) else value * scale
    return found


def _forms(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The forms that a value may have: of `10` or `"10%"`, two."""
    yield schema
    for form in schema.get("anyOf", ()):
        yield {"x-unit": schema.get("x-unit"), **form}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
