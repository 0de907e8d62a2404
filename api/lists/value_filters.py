"""Filters by one value of a query string: a number, ids, a time, or a word.

django-filter's number filter reads 1.5 as 1, and takes minutes for 1e9999999.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import django_filters
from django import forms
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field

MAX_IDS = 100


class NotEmpty(forms.Field):
    """Refuse the empty value of `?name=`."""

    def clean(self, value: Any) -> Any:
        if value == "":
            raise forms.ValidationError("The value is empty. Give one, or omit the name.", "empty")
        return super().clean(value)


class TextField(NotEmpty, forms.CharField):
    """A text that is not empty."""


class WordField(NotEmpty, django_filters.fields.ChoiceField):
    """One of some words. The error names them."""

    def __init__(self, **kwargs: Any) -> None:
        words = ", ".join(word for word, _ in kwargs["choices"])
        message = f"%(value)r is not one of: {words}."
        super().__init__(error_messages={"invalid_choice": message}, **kwargs)


class _DigitsField(NotEmpty, forms.RegexField):
    pass


class _TimeField(NotEmpty, IsoDateTimeField):
    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            # Python allows offsets up to 24 hours, PostgreSQL only below 16.
            return moment and moment.astimezone(UTC)
        except OverflowError:
            message = "The time is before the year 1 or after the year 9999 in UTC."
            raise forms.ValidationError(message, "invalid") from None


@extend_schema_field({"type": "string", "format": "date-time"})
class TimeFilter(django_filters.IsoDateTimeFilter):
    """A time in ISO 8601."""

    field_class = _TimeField


@extend_schema_field({"type": "integer", "minimum": 0})
class IdFilter(django_filters.CharFilter):
    """An id."""

    field_class = _DigitsField

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": "An id is a whole number."})
        super().__init__(regex=r"^[0-9]{1,100}\Z", strip=False, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 999_999_999})
class PixelsFilter(django_filters.CharFilter):
    """A number of pixels."""

    field_class = _DigitsField

    def __init__(self, **kwargs: Any) -> None:
        message = "A number of pixels is a whole number of at most 9 digits."
        super().__init__(
            regex=r"^[0-9]{1,9}\Z", strip=False, error_messages={"invalid": message}, **kwargs
        )

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, int(value) if value else value)


class _IdsField(forms.CharField):
    """Ids with commas between them."""

    def clean(self, value: Any) -> set[int] | None:
        if value is None:
            return None
        texts = str(super().clean(value)).split(",")
        if len(texts) > MAX_IDS:
            message = f"{len(texts)} ids are too many; ask for at most {MAX_IDS} at a time."
            raise forms.ValidationError(message, "too_many_ids")
        bad = [text for text in texts if not re.fullmatch("[0-9]{1,100}", text)]
        if bad:
            message = f"{bad[0][:20]!r} is not an id; write ids like 1,2,3."
            raise forms.ValidationError(message, "invalid")
        # No row has an id that does not fit into the column.
        return {pk for pk in map(int, texts) if pk < 2**63}


@extend_schema_field(
    {"type": "string", "pattern": f"^[0-9]{{1,100}}(,[0-9]{{1,100}}){{0,{MAX_IDS - 1}}}$"}
)
class IdsFilter(django_filters.CharFilter):
    """The rows that have one of the ids. Unknown ids are ignored."""

    field_class = _IdsField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("pk", lookup_expr="in", strip=False, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        return qs if value is None else qs.filter(pk__in=value)
