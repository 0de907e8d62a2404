"""The condition that a row is one of the first matches, which are searched in two ways."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Expression, QuerySet

# If the page is not full, `lookup` also has the rows of `scanned`. `OFFSET` leaves a row of a full
# page. The condition has no column of a row, so PostgreSQL examines it once, before `lookup`, which
# it does not run for a full page.
_SQL = """{table}.id = ANY (ARRAY(
    WITH scanned AS MATERIALIZED ({scan})
    SELECT id FROM scanned
    UNION ALL
    SELECT id FROM ({lookup}) AS found WHERE NOT EXISTS (SELECT FROM scanned OFFSET %s)
))"""


class FirstMatches(Expression):
    """A condition for `filter()`: the row is one of `scan`, or of `lookup` if `scan` is not full.

    Both are the first `count` rows that match; `scan` gives up after some rows. In one statement
    they see the same rows, and what a page shows besides its rows is joined to these rows only.
    """

    conditional = True

    def __init__(self, scan: QuerySet[Any], lookup: QuerySet[Any], count: int) -> None:
        super().__init__(output_field=BooleanField())
        self.queries = [rows.select_related(None).values("id")[:count] for rows in (scan, lookup)]
        self.count = count
        self.table = ""

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        resolved = self.copy()
        resolved.table = query.get_initial_alias()
        return resolved

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        (scan, first), (lookup, second) = (
            rows.query.get_compiler(connection=connection).as_sql() for rows in self.queries
        )
        table = compiler.quote_name_unless_alias(self.table)
        sql = _SQL.format(table=table, scan=scan, lookup=lookup)
        return sql, (*first, *second, self.count - 1)
