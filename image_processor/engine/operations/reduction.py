"""Fitting an operation to a reduced copy of the image, as previews need it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.capabilities import Reducible

_PIXELS = "px"


def reduce_operation(
    operation: Operation, full: Frame, real: Frame, target: tuple[int, int]
) -> Operation:
    """The operation that does to a reduced copy what `operation` does to the full image.

    Lengths in pixels shrink with the copy, unless the operation knows better (`Reducible`). Ranges
    are not checked again: a thin line may become thinner than a request may ask for, or vanish.
    """
    if isinstance(operation, Reducible):
        return operation.reduced(full, real, target)
    return operation.model_copy(update=scale_lengths(operation, reduction_scale(full, real)))


def reduction_scale(full: Frame, real: Frame) -> float:
    """The scale of a reduced copy: the mean of its two sides."""
    return math.sqrt(real.pixels / full.pixels)


def scale_lengths(parameters: BaseModel, scale: float) -> dict[str, Any]:
    """The parameters whose unit is pixels, times `scale`. Whole numbers stay whole."""
    return _scale(parameters, _schema(type(parameters))["properties"], scale)


@cache
def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    return kind.model_json_schema(by_alias=False)


def _scale(parameters: BaseModel, properties: Mapping[str, Any], scale: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in type(parameters).model_fields:
        value = getattr(parameters, name)
        for form in _forms(properties.get(name, {})):
            if isinstance(value, BaseModel) and "properties" in form:
                found[name] = value.model_copy(update=_scale(value, form["properties"], scale))
            elif form.get("x-unit") == _PIXELS and _is_number(value):
                found[name] = round(value * scale) if isinstance(value, int) else value * scale
    return found


def _forms(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas of all forms that a value may have, such as `10` and `"10%"`."""
    yield schema
    for form in schema.get("anyOf", ()):
        yield {"x-unit": schema.get("x-unit"), **form}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
