"""The rows of a list. A page of a million rows costs what a page of a hundred rows costs.

There are two ways to find a page of filtered rows. The first scans the rows in the order of an
index and keeps those that match: common matches fill a page soon. The scan ends after
`LOOKED_THROUGH` rows. If the page is not full by then, matches are rare: then the indexes of the
filters find all matches, which are sorted. One statement does both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from api.lists.first_matches import FirstMatches
from api.lists.order import NEWEST_FIRST, Order

LOOKED_THROUGH = 1_000


@dataclass(frozen=True)
class Listing:
    """An owner's rows in an order.

    - `scan`: the rows in index order; None where only `lookup` finds the matches.
    - `filtered_scan`: `scan` restricted by the filters; None where every row of `scan` matches.
    - `lookup`: the matches, found by the indexes of the filters.
    - `rows`: all rows, with what a page shows of them; needed for `lookup`.
    """

    scan: QuerySet[Any] | None
    filtered_scan: QuerySet[Any] | None = None
    lookup: QuerySet[Any] | None = None
    rows: QuerySet[Any] | None = None
    order: Order = NEWEST_FIRST
    page_size: int = 20

    def page(self, key: Sequence[Any] | None, count: int, *, back: bool = False) -> list[Any]:
        """The first `count` rows after the key in this direction. One query."""
        if self.scan is not None and self.filtered_scan is None:
            return list(self.order.start(self.scan, key, back=back)[:count])
        assert self.lookup is not None
        assert self.rows is not None
        # No index contains `owner_id + 0`, so PostgreSQL does not scan an index in this order.
        names = self.order.names(back=back)
        lookup = self.order.start(self.lookup, key, back=back).order_by(F("owner_id") + 0, *names)
        if self.scan is None:
            shown = self.rows.filter(pk__in=lookup.select_related(None).values("pk")[:count])
        else:
            assert self.filtered_scan is not None
            first = self.order.start(self.scan, key, back=back)[:LOOKED_THROUGH]
            matches = self.order.start(self.filtered_scan, key, back=back)
            among_first = self.order.among(matches, first, back=back)
            shown = self.rows.filter(FirstMatches(among_first, lookup, count))
        return list(shown.order_by(*names))

    def versions(self) -> list[tuple[int, datetime]]:
        """Id and version of every row of `lookup`. One query."""
        assert self.lookup is not None
        rows = self.lookup.select_related(None).values_list("pk", "updated_at")
        return sorted(rows.order_by())
