"""Lists are cursor pages, newest first, stable while rows are added; nothing is counted."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from api.query import whole_number


class NewestFirstPagination(CursorPagination):
    """`{"next", "previous", "results"}`, `?page_size=` 1..100."""

    ordering = "-id"
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

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

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The position asked for, an id; DRF would hand anything to the database."""
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except (NotFound, ValueError):
            raise _refused() from None
        if cursor is not None and cursor.position is not None:
            position = str(cursor.position)
            if not (position.isascii() and position.isdigit()):
                raise _refused()
        return cursor


def _refused() -> ValidationError:
    message = "This is no cursor of ours. Follow the links of a page, or start without one."
    return ValidationError({"cursor": message})
