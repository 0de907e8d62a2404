"""Serializers and fields that refuse what does not fit, instead of dropping or bending it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.http.problem import MAX_PROBLEMS


class StrictSerializer(serializers.Serializer[Any]):
    """Unknown fields of the input, and fields of a form given twice, are errors at those fields."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            refused = {name: self._unknown() for name in data if name not in self.fields}
            if isinstance(data, QueryDict):  # a form: the last of several values would win
                refused |= {
                    name: ErrorDetail(f"It is given {len(values)} times.", code="repeated")
                    for name, values in data.lists()
                    if name in self.fields and len(values) > 1
                }
            if refused:
                raise serializers.ValidationError(dict(list(refused.items())[:MAX_PROBLEMS]))
        return super().to_internal_value(data)

    def _unknown(self) -> ErrorDetail:
        known = ", ".join(self.fields)
        return ErrorDetail(f"There is no such field; there are {known}.", code="unknown_field")


class TextField(serializers.CharField):
    """A string; the usual field also takes numbers, for their digits."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmailField(TextField, serializers.EmailField):
    """An e-mail address."""


class NumberField(serializers.FloatField):
    """A number; the usual field also takes strings and booleans."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class BooleanField(serializers.BooleanField):
    """True or false; the usual field also takes "yes", "off", 1 and the like."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
