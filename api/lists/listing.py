"""What a list shows and in which order, so that a page of many rows costs what one of few does.

A page of filtered rows is looked for in two ways. First the rows are told one by one, newest
first, as an index gives them in order: what is common fills a page soon. That ends after
`LOOKED_THROUGH` rows; what has not filled a page by then is rare, and is looked up by the
filters' own indexes, which find the few that fit, to be sorted.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.utils.dateparse import parse_datetime

LOOKED_THROUGH = 5_000
_LARGEST_ID = 2**63 - 1


class _Compared(Func):
    """Two rows of values, compared as wholes: an index on the columns answers it."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        parts = [compiler.compile(each) for each in self.source_expressions]
        texts, values = [sql for sql, _ in parts], [v for _, given in parts for v in given]
        half = len(texts) // 2
        sql = f"({', '.join(texts[:half])}) {self.extra['operator']} ({', '.join(texts[half:])})"
        return sql, values


@dataclass(frozen=True)
class Order:
    """An order of rows: by one column, if any, and then by id."""

    name: str
    column: str | None = None
    descending: bool = True

    @property
    def columns(self) -> list[str]:
        return [self.column, "pk"] if self.column else ["pk"]

    def sorted(self, *, back: bool = False) -> list[str]:
        """Names for `order_by`; with `back` the other way round."""
        sign = "-" if self.descending != back else ""
        return [sign + name for name in self.columns]

    def beyond(self, rows: QuerySet[Any], key: Sequence[Any], *, back: bool) -> QuerySet[Any]:
        """The rows that come after this key."""
        return self._compared(rows, "<" if self.descending != back else ">", key)

    def up_to(self, rows: QuerySet[Any], key: Sequence[Any], *, back: bool) -> QuerySet[Any]:
        """The rows that come before this key, and its own."""
        return self._compared(rows, ">=" if self.descending != back else "<=", key)

    def _compared(self, rows: QuerySet[Any], operator: str, key: Sequence[Any]) -> QuerySet[Any]:
        columns = [F(name) for name in self.columns]
        return rows.filter(_Compared(*columns, *map(Value, key), operator=operator))

    def key_of(self, row: Model) -> list[Any]:
        return [getattr(row, name) for name in self.columns]


NEWEST_FIRST = Order("")


@dataclass(frozen=True)
class Listing:
    """An owner's rows.

    `walked` come in order from an index. Those of them to be shown, unless all are: `told_apart`,
    one by one, and `looked_up`, by indexes of the filters. Without `walked`, only the latter.
    """

    walked: QuerySet[Any] | None
    told_apart: QuerySet[Any] | None = None
    looked_up: QuerySet[Any] | None = None
    order: Order = NEWEST_FIRST
    page_size: int = 20

    def page(self, key: Sequence[Any] | None, count: int, *, back: bool = False) -> list[Any]:
        """The first rows after the key in this direction. Three queries at most."""
        if self.walked is not None:
            walked = self._from(self.walked, key, back)
            if self.told_apart is None:
                return list(walked[:count])
            last = walked.select_related(None).values_list(*self.order.columns)
            until = last[LOOKED_THROUGH - 1 : LOOKED_THROUGH].first()
            told_apart = self._from(self.told_apart, key, back)
            if until is not None:
                told_apart = self.order.up_to(told_apart, until, back=back)
            found = list(told_apart[:count])
            if until is None or len(found) == count:
                return found
        assert self.looked_up is not None
        looked_up = self._from(self.looked_up, key, back)
        # An order that no index gives, so that PostgreSQL does not walk one all the same.
        order = self.order.sorted(back=back)
        return list(looked_up.order_by(F("owner_id") + 0, *order)[:count])

    def versions(self) -> list[tuple[int, datetime]]:
        """Id and version of every row that is looked up. One query."""
        assert self.looked_up is not None
        rows = self.looked_up.select_related(None).values_list("pk", "updated_at")
        return sorted(rows.order_by())

    def _from(self, rows: QuerySet[Any], key: Sequence[Any] | None, back: bool) -> QuerySet[Any]:
        rows = rows.order_by(*self.order.sorted(back=back))
        return rows if key is None else self.order.beyond(rows, key, back=back)


class BadCursor(ValueError):
    """A text that is no cursor of this order."""


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after this key, and back from it or on."""

    key: list[Any]
    back: bool = False

    def encoded(self, order: Order) -> str:
        """As text, to stand in a link."""
        fields: dict[str, Any] = {"p": self.key[-1]}
        if self.back:
            fields["r"] = 1
        if order.column:
            value = self.key[0]
            fields |= {
                "by": order.name,
                "k": value.isoformat() if isinstance(value, datetime) else value,
            }
        return base64.b64encode(urlencode(fields).encode()).decode()

    @classmethod
    def decoded(cls, text: str, order: Order) -> Cursor:
        """Raises `BadCursor` for anything that `encoded` does not make of this order."""
        try:
            plain = base64.b64decode(text.encode("ascii"), validate=True).decode("ascii")
            fields = dict(
                parse_qsl(
                    plain,
                    strict_parsing=True,
                    keep_blank_values=True,
                    errors="strict",
                    max_num_fields=4,
                )
            )
        except (ValueError, binascii.Error):
            raise BadCursor from None
        wanted = {"p", "by", "k"} if order.column else {"p"}
        pk = fields.get("p", "")
        if fields.keys() - {"r"} != wanted or fields.get("by", "") != order.name:
            raise BadCursor
        if not re.fullmatch("[0-9]{1,100}", pk) or fields.get("r", "1") != "1":
            raise BadCursor
        key: list[Any] = [min(int(pk), _LARGEST_ID)]
        if order.column:
            key.insert(0, _value(order.column, fields["k"]))
        return cls(key, "r" in fields)


def _value(column: str, text: str) -> Any:
    if column == "created_at":
        try:
            moment = parse_datetime(text)
        except ValueError:
            raise BadCursor from None
        if moment is None or moment.tzinfo is None:
            raise BadCursor
        return moment
    if "\0" in text or len(text) > 255:
        raise BadCursor
    return text
