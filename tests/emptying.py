"""How the database is emptied after a test that commits.

Django truncates every table and makes content types and permissions anew, which takes a quarter
of a second. Here, rows are deleted from the tables that have some, and those two stay.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

# Migrations fill these, and no test changes them.
KEPT = {"django_content_type", "auth_permission"}


def empty_tables(case: TransactionTestCase) -> None:
    """Delete what the test committed. Foreign keys are checked at the end of the transaction."""
    for alias in case._databases_names(include_mirrors=False):
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            while filled := _find_filled_tables(cursor, alias):
                # A trigger may write rows about the deleted ones, into a table that was empty.
                for table in filled:
                    cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a table's name


def _find_filled_tables(cursor: Any, alias: str) -> list[str]:
    cursor.execute(_query_for_filled_tables(alias))
    return [table for (table,) in cursor.fetchall()]


@cache
def _query_for_filled_tables(alias: str) -> str:
    names = connections[alias].introspection.django_table_names(
        only_existing=True, include_views=False
    )
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608 - a table's name
        for name in sorted(set(names) - KEPT)
    )
