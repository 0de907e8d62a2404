"""Strict serializers and fields, for the bodies that extend serializers of dj-rest-auth.

Bodies of the service itself are models, see `api.requests.body`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.http.invalid_input import MAX_PROBLEMS


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses unknown fields.

    The body needs at least one of the fields `needs_one_of`, which are optional by themselves. The
    OpenAPI document says so; the serializer has to check it.
    """

    needs_one_of: ClassVar[tuple[str, ...]] = ()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if isinstance(data, QueryDict):
                repeated = [name for name, values in data.lists() if len(values) > 1]
                if repeated:
                    error = ErrorDetail("The form has this field more than once.", "repeated")
                    raise serializers.ValidationError(dict.fromkeys(repeated, error))
            if unknown:
                known = ", ".join(self.fields)
                error = ErrorDetail(f"Unknown field. Known fields: {known}.", "unknown_field")
                raise serializers.ValidationError(dict.fromkeys(unknown[:MAX_PROBLEMS], error))
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A string. The base class also accepts numbers."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmailField(TextField, serializers.EmailField):
    """An e-mail address."""
