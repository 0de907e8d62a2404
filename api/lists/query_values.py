"""Values of a query string: numbers, ids, times, one word of some.

The library's number filter reads 1.5 as 1, and 1e9999999 for minutes.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import django_filters
from django import forms
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field


class NotEmpty(forms.Field):
    """Refuses `?name=`, which says nothing."""

    def clean(self, value: Any) -> Any:
        if value == "":
            raise forms.ValidationError("It is empty. Give a value, or leave it out.", "empty")
        return super().clean(value)


class _Digits(NotEmpty, forms.RegexField):
    pass


class _Time(NotEmpty, IsoDateTimeField):
    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            # PostgreSQL knows no offset of 16 hours and more, Python any below 24.
            return moment and moment.astimezone(UTC)
        except OverflowError:
            message = "It is before the year 1 or after the year 9999 in UTC."
            raise forms.ValidationError(message, "invalid") from None


@extend_schema_field({"type": "string", "format": "date-time"})
class TimeFilter(django_filters.IsoDateTimeFilter):
    """A time in ISO 8601."""

    field_class = _Time


@extend_schema_field({"type": "integer", "minimum": 0})
class IdFilter(django_filters.CharFilter):
    """An id."""

    field_class = _Digits

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": "It is not an id, a whole number."})
        super().__init__(regex=r"^[0-9]{1,100}\Z", strip=False, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 999_999_999})
class PixelsFilter(django_filters.CharFilter):
    """A number of pixels."""

    field_class = _Digits

    def __init__(self, **kwargs: Any) -> None:
        message = "It is not a number of pixels, a whole number of at most 9 digits."
        super().__init__(
            regex=r"^[0-9]{1,9}\Z", strip=False, error_messages={"invalid": message}, **kwargs
        )

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, int(value) if value else value)


class ChoiceOf(NotEmpty, django_filters.fields.ChoiceField):
    """One of some words; a refusal names them."""

    def __init__(self, **kwargs: Any) -> None:
        words = ", ".join(word for word, _ in kwargs["choices"])
        message = f"%(value)r is not one of: {words}."
        super().__init__(error_messages={"invalid_choice": message}, **kwargs)


MOST_IDS = 100


class _IdsField(forms.CharField):
    """Ids with commas between them."""

    def clean(self, value: Any) -> set[int] | None:
        if value is None:
            return None
        text = str(super().clean(value))
        given = text.split(",")
        if len(given) > MOST_IDS:
            message = f"{len(given)} ids are too many; ask for {MOST_IDS} at a time at most."
            raise forms.ValidationError(message, "too_many_ids")
        bad = [each for each in given if not re.fullmatch("[0-9]{1,100}", each)]
        if bad:
            message = f"{bad[0][:20]!r} is not an id; write ids like 1,2,3."
            raise forms.ValidationError(message, "invalid")
        # What no id can be, is none.
        return {pk for pk in map(int, given) if pk < 2**63}


@extend_schema_field(
    {"type": "string", "pattern": f"^[0-9]{{1,100}}(,[0-9]{{1,100}}){{0,{MOST_IDS - 1}}}$"}
)
class IdsFilter(django_filters.CharFilter):
    """Rows with one of some ids. None of an unknown id is there."""

    field_class = _IdsField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("pk", lookup_expr="in", strip=False, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        return qs if value is None else qs.filter(pk__in=value)
