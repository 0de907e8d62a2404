"""Lists without filters. Their pages are the most frequent queries for several rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from api.lists.listing import Listing
from api.lists.order import NEWEST_FIRST
from utils.prepared_query import PreparedQuery

# Statements that a process keeps: one for each list, size of page, direction, and whether the page
# is the first one. Clients use few sizes.
PREPARED_PAGES = 128


@dataclass(frozen=True, kw_only=True)
class WholeListing(Listing):
    """All rows that `owned_by` returns for an owner, newest first."""

    scan: None = None
    owned_by: Callable[[int], QuerySet[Any]]
    owner_id: int

    def page(self, key: Sequence[Any] | None, count: int, *, back: bool = False) -> list[Any]:
        """As of `Listing`, in one query."""
        query = _prepared_page(self.owned_by, count, back=back, is_first=key is None)
        return query.rows(self.owner_id, *(key or ()))


@lru_cache(PREPARED_PAGES)
def _prepared_page(
    owned_by: Callable[[int], QuerySet[Any]], count: int, *, back: bool, is_first: bool
) -> PreparedQuery[Any]:
    def build(owner_id: int, *key: Any) -> QuerySet[Any]:
        return NEWEST_FIRST.start(owned_by(owner_id), key or None, back=back)[:count]

    return PreparedQuery(build, [-1] if is_first else [-1, datetime.max.replace(tzinfo=UTC), -2])
