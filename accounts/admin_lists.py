"""Lists of the admin that cost the same however many rows their tables have."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import User

NEWEST = 10_000


class NewestRows(ChangeList):
    """The newest `NEWEST` rows of a table, or of the rows that a search finds.

    Filters, other orders and the count see no other rows. Otherwise each of them could read the
    whole table.
    """

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: Any = None
    ) -> QuerySet[Any, Any]:
        rows = self.model_admin.get_queryset(request)
        if self.query:
            rows, _ = self.model_admin.get_search_results(request, rows, self.query)
        order = self.model_admin.get_ordering(request)
        column = str(order[0]).removeprefix("-")
        in_order = rows.order_by(*order).values_list(column, "pk")
        last = in_order[NEWEST - 1 : NEWEST].first()
        if last is not None:
            value, pk = last
            rows = rows.filter(**{f"{column}__gte": value})
            rows = rows.exclude(**{column: value, "pk__lt": pk})
        self.root_queryset = rows
        return super().get_queryset(request, exclude_parameters)


class NewestRowsAdmin(admin.ModelAdmin):
    """Lists the newest rows, and finds others by their id or their owner.

    An index must contain the rows of an owner in the order `order_of_owner`. Both orders are those
    of one column and of the primary key, from the newest row on.
    """

    show_full_result_count = False
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    order_of_owner: ClassVar[tuple[str, ...]] = ("-created_at", "-id")
    # The path to the user to whom a row belongs.
    owner_field = "owner"
    # Shows the search field. `get_search_results` says what is found.
    search_fields = ("pk",)
    search_help_text = (
        "Find rows by their id, or by the whole user name or e-mail address of their owner. "
        f"At most the newest {NEWEST:,} rows are listed, filtered and counted."
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestRows

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return self.order_of_owner if request.GET.get("q") else tuple(self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        found = Q(pk__in=[])
        with suppress(ValidationError):
            found |= Q(pk=self.opts.pk.to_python(text))
        with suppress(User.DoesNotExist):  # a user name may have digits only, like an id
            found |= Q(**{self.owner_field: User.objects.get_by_login(text).pk})
        return queryset.filter(found), False


def filter_by(field: str, values: Iterable[str]) -> type[admin.SimpleListFilter]:
    """Return a filter by known values of a field. Django's own reads all values from the table."""

    class KnownValues(admin.SimpleListFilter):
        title = field.replace("_", " ")
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(value, value) for value in values]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    return KnownValues
