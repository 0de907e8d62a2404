"""Values of a query string that are numbers, and none that are empty.

The library's number filter reads 1.5 as 1, and 1e9999999 for minutes.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field


class NothingEmpty(forms.Form):
    """The library ignores filters without a value, and so shows everything."""

    def clean(self) -> None:
        for name in self.fields:
            if self.data.get(name) == "":
                detail = "It is empty. Give a value, or leave it out."
                self.add_error(name, forms.ValidationError(detail, "empty"))


@extend_schema_field({"type": "integer", "minimum": 0})
class IdFilter(django_filters.CharFilter):
    """An id."""

    field_class = forms.RegexField

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": "It is not an id, a whole number."})
        super().__init__(regex=r"^[0-9]{1,100}\Z", strip=False, **kwargs)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 999_999_999})
class PixelsFilter(django_filters.CharFilter):
    """A number of pixels."""

    field_class = forms.RegexField

    def __init__(self, **kwargs: Any) -> None:
        message = "It is not a number of pixels, a whole number of at most 9 digits."
        super().__init__(
            regex=r"^[0-9]{1,9}\Z", strip=False, error_messages={"invalid": message}, **kwargs
        )

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, int(value) if value else value)
