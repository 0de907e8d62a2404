"""Orders of rows, and where in an order a page starts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import BooleanField, F, Func, Model, QuerySet, Subquery, Value
from django.utils.dateparse import parse_datetime

_LARGEST_ID = 2**63 - 1


class _RowComparison(Func):
    """SQL row comparison, `(a, b) < (1, 2)`: an index on the columns answers it.

    A subquery of one row may stand for the two values.
    """

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        parts = [compiler.compile(each) for each in self.source_expressions]
        texts, values = [sql for sql, _ in parts], [v for _, given in parts for v in given]
        sql = f"({', '.join(texts[:2])}) {self.extra['operator']} ({', '.join(texts[2:])})"
        return sql, values


class _LastKey(Subquery):
    """The key of the last one of some rows: of one thousand, or of fewer if there are no more."""

    template = "SELECT * FROM (%(subquery)s) AS first ORDER BY 1 %(sign)s, 2 %(sign)s LIMIT 1"


@dataclass(frozen=True)
class Order:
    """An order of rows by one column and then by id.

    A list is never ordered by the id alone: PostgreSQL might walk down the primary key through the
    rows of all owners, which takes long if the rows of this owner are old (decision 0056).
    """

    name: str
    column: str
    descending: bool = True

    @property
    def columns(self) -> list[str]:
        return [self.column, "pk"]

    def names(self, *, back: bool = False) -> list[str]:
        """The arguments of `order_by`; with `back` in the reverse order."""
        sign = "-" if self.descending != back else ""
        return [sign + name for name in self.columns]

    def start(self, rows: QuerySet[Any], key: Sequence[Any] | None, *, back: bool) -> QuerySet[Any]:
        """The rows in this order, or in the reverse one, after the key."""
        rows = rows.order_by(*self.names(back=back))
        return rows if key is None else self.after(rows, key, back=back)

    def after(self, rows: QuerySet[Any], key: Sequence[Any], *, back: bool) -> QuerySet[Any]:
        """The rows that come after the key."""
        operator = "<" if self.descending != back else ">"
        return rows.filter(self._compare(operator, *map(Value, key)))

    def among(self, rows: QuerySet[Any], first: QuerySet[Any], *, back: bool) -> QuerySet[Any]:
        """The rows that are not after the last one of `first`, the first rows in this order."""
        operator, sign = (">=", "ASC") if self.descending != back else ("<=", "DESC")
        keys = first.select_related(None).values(*self.columns)
        return rows.filter(self._compare(operator, _LastKey(keys, sign=sign)))

    def _compare(self, operator: str, *key: Any) -> _RowComparison:
        return _RowComparison(*map(F, self.columns), *key, operator=operator)

    def key_of(self, row: Model) -> list[Any]:
        return [getattr(row, name) for name in self.columns]


NEWEST_FIRST = Order("-created", "created_at")
# The values of `?ordering=`.
ORDERS = {
    order.name: order
    for order in (
        NEWEST_FIRST,
        Order("created", "created_at", descending=False),
        Order("name", "file_name", descending=False),
        Order("-name", "file_name"),
    )
}


class BadCursor(ValueError):
    """The text is no cursor of this order."""


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after this key, forwards or back."""

    key: list[Any]
    back: bool = False

    def encode(self, order: Order) -> str:
        """The cursor as a text for links."""
        value, pk = self.key
        fields: dict[str, Any] = {"p": pk}
        if self.back:
            fields["r"] = 1
        fields |= {
            "by": order.name,
            "k": value.isoformat() if isinstance(value, datetime) else value,
        }
        return base64.b64encode(urlencode(fields).encode()).decode()

    @classmethod
    def decode(cls, text: str, order: Order) -> Cursor:
        """Return the cursor; raise `BadCursor` unless `encode` makes this text for this order."""
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
        if fields.keys() - {"r"} != {"p", "by", "k"} or fields["by"] != order.name:
            raise BadCursor
        if not re.fullmatch("[0-9]{1,100}", fields["p"]) or fields.get("r", "1") != "1":
            raise BadCursor
        value = _parse_value(order.column, fields["k"])
        return cls([value, min(int(fields["p"]), _LARGEST_ID)], "r" in fields)


def _parse_value(column: str, text: str) -> Any:
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
