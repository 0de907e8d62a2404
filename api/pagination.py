"""Lists are cursor pages, newest first, stable while rows are added; nothing is counted."""

from __future__ import annotations

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class NewestFirstPagination(CursorPagination):
    """`{"next", "previous", "results"}`, `?page_size=` 1..100."""

    ordering = "-id"
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= 100:
            raise ValidationError(
                {"page_size": f"{given[:20]!r} is not a whole number from 1 to 100."}
            )
        return int(given)
