"""Serializers that refuse what they do not know, instead of dropping it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Unknown fields of the input are errors at those fields."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                known = ", ".join(self.fields)
                raise serializers.ValidationError(
                    {
                        name: serializers.ErrorDetail(
                            f"There is no such field; there are {known}.", code="unknown_field"
                        )
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)
