"""The base of the filters of lists: it plans how a page of matches is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError

from api.lists.listing import Listing
from api.lists.order import NEWEST_FIRST, ORDERS, Order
from api.lists.value_filters import WordField

_CREATED = {"created_after", "created_before"}


class OwnedFilterSet(django_filters.FilterSet):
    """Filters of the rows of one owner. A row must meet every condition."""

    # Filters whose index contains their matches in the order of creation. If a query has several of
    # them, the first one restricts the scan.
    in_order: ClassVar[tuple[str, ...]] = ()
    # Filters with so few matches that a query always finds all of them and sorts them.
    few: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, owner_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner_id = owner_id
        self.by_index = True

    @property
    def order(self) -> Order:
        """The order of the query."""
        name = self.form.cleaned_data.get("ordering")
        return ORDERS[name] if name else NEWEST_FIRST

    def listing(self) -> Listing:
        """The matches in their order. Raises `ValidationError`."""
        if not self.is_valid():
            # Rendering `errors` itself fails if a value has a percent sign, taken for a format.
            raise ValidationError(
                {
                    name: [ErrorDetail(text, error.code) for error in errors for text in error]
                    for name, errors in self.errors.as_data().items()
                }
            )
        values = self.form.cleaned_data
        given = {name for name in values if name != "ordering" and values[name] not in (None, "")}
        lookup = self._restrict(given)
        if given & set(self.few):
            return Listing(None, lookup=lookup, rows=self.queryset, order=self.order)
        scanned: set[str] = set()
        if self.order.column == "created_at":
            scanned = given & {*_CREATED, *[name for name in self.in_order if name in given][:1]}
        scan = self._restrict(scanned)
        if given == scanned:
            return Listing(scan, order=self.order)
        filtered_scan = self._restrict(given, by_index=False)
        return Listing(scan, filtered_scan, lookup, self.queryset, self.order)

    def _restrict(self, names: Iterable[str], *, by_index: bool = True) -> QuerySet[Any]:
        self.by_index = by_index
        rows = self.queryset
        for name in sorted(names):
            rows = self.filters[name].filter(rows, self.form.cleaned_data[name])
        self.by_index = True
        return rows


class OrderingFilter(django_filters.ChoiceFilter):
    """`?ordering=`, one of `ORDERS`. `OwnedFilterSet.order` reads it."""

    field_class = WordField

    def __init__(self) -> None:
        super().__init__(
            choices=[(name, name) for name in ORDERS],
            label="Newest first (-created) by default.",
        )

    def filter(self, qs: Any, value: Any) -> Any:
        return qs
