"""Cursor pages of lists: newest first, stable while rows are added, without a total count."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from api.lists.listing import Listing
from api.lists.order import BadCursor, Cursor
from api.requests.query import whole_number


class NewestFirstPagination(CursorPagination):
    """`{"next", "previous", "results"}`, `?page_size=` 1..100.

    A page starts after the last row of the page before it, even if rows were added or deleted.
    """

    page_size = Listing.page_size
    max_page_size = 100
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """One page of a `Listing`, or of a queryset in the usual order."""
        listing = queryset if isinstance(queryset, Listing) else Listing(queryset)
        self.page_size = listing.page_size
        size = self.get_page_size(request)
        cursor = self._cursor(request, listing)
        key, back = (cursor.key, cursor.back) if cursor else (None, False)
        rows = listing.page(key, size + 1, back=back)
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        first, last = (listing.order.key_of(rows[i]) if rows else key for i in (0, -1))
        has_next, has_previous = (True, more) if back else (more, cursor is not None)
        self.next = Cursor(last, False) if has_next and last else None
        self.previous = Cursor(first, True) if has_previous and first else None
        self.order, self.url = listing.order, request.build_absolute_uri()
        return rows

    def _cursor(self, request: Request, listing: Listing) -> Cursor | None:
        given = request.query_params.get(self.cursor_query_param)
        if not given:  # of a client that always sends the cursor, also for the first page
            return None
        try:
            return Cursor.decode(given, listing.order)
        except BadCursor:
            message = (
                "The cursor does not belong to this list. Follow the links of a page, or omit the "
                "cursor."
            )
            raise ValidationError({self.cursor_query_param: message}) from None

    def get_next_link(self) -> str | None:
        return self._link(self.next)

    def get_previous_link(self) -> str | None:
        return self._link(self.previous)

    def _link(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        encoded = cursor.encode(self.order)
        return replace_query_param(self.url, self.cursor_query_param, encoded)

    def get_page_size(self, request: Request) -> int:
        return whole_number(
            request, "page_size", default=self.page_size, least=1, most=self.max_page_size
        )

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
                parameter["schema"]["default"] = self.page_size
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
