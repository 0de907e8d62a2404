"""What the filters of lists share: they say how a page is found, and refuse what they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.lists.listing import NEWEST_FIRST, Listing, Order
from api.lists.query_values import ChoiceOf
from image_processor.models.search import SearchMatch, build_words_query, split_words

MOST_WORDS = 10
LONGEST_SEARCH = 200
CREATED = ("created_after", "created_before")
BY_CREATION = Order("-created", "created_at")
ORDERS = {
    order.name: order
    for order in (
        BY_CREATION,
        Order("created", "created_at", descending=False),
        Order("name", "file_name", descending=False),
        Order("-name", "file_name"),
    )
}


class OwnedFilterSet(django_filters.FilterSet):
    """Filters of the rows of one owner. All conditions must hold."""

    # Filters for whose rows an index has the usual order: the first one given is walked along.
    in_order: ClassVar[tuple[str, ...]] = ()
    # Filters that leave so few rows that these are looked up and sorted.
    few: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, owner_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner_id = owner_id
        self.by_index = True

    @property
    def order(self) -> Order:
        """As asked for; of what was made in some time, the order in which it was made."""
        values = self.form.cleaned_data
        if values.get("ordering"):
            return ORDERS[values["ordering"]]
        return BY_CREATION if any(values.get(name) for name in CREATED) else NEWEST_FIRST

    def listing(self) -> Listing:
        """What fits, in its order; raises `ValidationError`."""
        if not self.is_valid():
            # The library's own translation takes a percent sign of the value for a place to fill.
            raise ValidationError(
                {
                    name: [ErrorDetail(text, error.code) for error in errors for text in error]
                    for name, errors in self.errors.as_data().items()
                }
            )
        values = self.form.cleaned_data
        given = {name for name in values if name != "ordering" and values[name] not in (None, "")}
        if given & set(self.few):
            return Listing(None, looked_up=self._narrowed(given), order=self.order)
        if self.order.column == "created_at":
            along = given & set(CREATED)
        elif self.order is NEWEST_FIRST:
            along = set([name for name in self.in_order if name in given][:1])
        else:
            along = set()
        walked = self._narrowed(along)
        if given == along:
            return Listing(walked, order=self.order)
        told_apart = self._narrowed(given, by_index=False)
        return Listing(walked, told_apart, self._narrowed(given), self.order)

    def _narrowed(self, names: Iterable[str], *, by_index: bool = True) -> QuerySet[Any]:
        self.by_index = by_index
        rows = self.queryset
        for name in sorted(names):
            rows = self.filters[name].filter(rows, self.form.cleaned_data[name])
        self.by_index = True
        return rows


class _SearchField(forms.CharField):
    """Words, as typed so far."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        words = split_words(text)
        if value is not None and not words:
            message = f"There is no letter and no digit to search for in {text[:20]!r}."
            raise forms.ValidationError(message, "no_words")
        if len(words) > MOST_WORDS:
            message = f"{len(words)} words are too many; search for {MOST_WORDS} at most."
            raise forms.ValidationError(message, "too_many_words")
        return text


_SEARCHED = (
    "Words of name, description or tags, or their beginnings; all of them must be there, without "
    f"regard to case and accents. {MOST_WORDS} words at most."
)


@extend_schema_field(
    # A schema of its own takes the place of the label, too.
    {"type": "string", "minLength": 1, "maxLength": LONGEST_SEARCH, "description": _SEARCHED}
)
class SearchFilter(django_filters.CharFilter):
    """`?search=`: pictures that have every one of the words, or words that start with them."""

    field_class = _SearchField

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST_SEARCH, label=_SEARCHED)

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        query = build_words_query(self.parent.owner_id, split_words(value))
        return qs.filter(SearchMatch(query, by_index=self.parent.by_index))


class OrderingFilter(django_filters.ChoiceFilter):
    """`?ordering=`, one of `ORDERS`; `OwnedFilterSet.order` reads it."""

    field_class = ChoiceOf

    def __init__(self) -> None:
        super().__init__(
            choices=[(name, name) for name in ORDERS],
            label="Newest first without it. With one of created_after and created_before: "
            "-created.",
        )

    def filter(self, qs: Any, value: Any) -> Any:
        return qs
