"""The base of serializers that only show rows. Their fields are built once in a process.

Django REST framework builds and copies the fields for each serializer, which costs more than
showing a row.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, cast

from rest_framework import serializers
from rest_framework.fields import SkipField, empty
from rest_framework.relations import PKOnlyObject, RelatedField


class ShownRow(serializers.ModelSerializer):
    """Shows a row. Only its methods for `SerializerMethodField` know the request (`context`)."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = {}
        for name, show in _fields_of(type(self)):
            try:
                shown[name] = show(self, instance)
            except SkipField:
                continue
        return shown


@cache
def _fields_of(
    serializer: type[ShownRow],
) -> list[tuple[str, Callable[[ShownRow, Any], Any]]]:
    """The names of the fields, each with the function that shows it."""
    return [(name, _show_with(field)) for name, field in serializer().fields.items()]


def _show_with(field: Any) -> Callable[[ShownRow, Any], Any]:
    if isinstance(field, serializers.SerializerMethodField):
        method = field.method_name
        return lambda serializer, row: getattr(serializer, method)(row)

    if isinstance(field, serializers.PrimaryKeyRelatedField) and field.pk_field is None:
        read_key = attrgetter(_column_of(field))
        return lambda _, row: read_key(row)
    read = _reader(field)
    if isinstance(field, serializers.DateTimeField) and not hasattr(field, "format"):
        return lambda _, row: _show_moment(field, read(row))

    def show(_: ShownRow, row: Any) -> Any:
        value = read(row)
        # A related object is represented by its key, which may be None.
        is_absent = (value.pk if isinstance(value, PKOnlyObject) else value) is None
        return None if is_absent else field.to_representation(value)

    return show


def _column_of(field: serializers.PrimaryKeyRelatedField[Any]) -> str:
    """The attribute with the key of the related object."""
    serializer: Any = field.parent
    column: str = serializer.Meta.model._meta.get_field(field.source).attname
    return column


def _show_moment(field: serializers.DateTimeField, moment: datetime | None) -> Any:
    """The moment as Django REST framework shows it. Those of the database are in UTC already."""
    if moment is not None and moment.tzinfo is not UTC:
        return field.to_representation(moment)
    return moment and f"{moment.replace(tzinfo=None).isoformat()}Z"


def _reader(field: Any) -> Callable[[Any], Any]:
    """The function that reads the field's value: an attribute that every row has, if possible."""
    has_default = field.default is not empty
    if len(field.source_attrs) == 1 and not has_default and not isinstance(field, RelatedField):
        return attrgetter(field.source_attrs[0])
    return cast(Callable[[Any], Any], field.get_attribute)
