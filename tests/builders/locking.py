"""A second database session, for tests of row locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model


@contextmanager
def locked_elsewhere(row: Model) -> Iterator[None]:
    """Lock a committed row in another transaction during the block."""
    with _session() as other:
        _lock(other, row)
        yield


def is_locked(row: Model) -> bool:
    """Whether the present transaction has locked the committed row."""
    with _session() as other:
        try:
            _lock(other, row)
        except OperationalError:
            return True
        return False


@contextmanager
def _session() -> Iterator[Any]:
    other = connection.copy()
    other.set_autocommit(False)
    try:
        yield other
    finally:
        other.close()


def _lock(session: Any, row: Model) -> None:
    """Lock the row; raise OperationalError at once if another session has locked it."""
    table = row._meta.db_table
    with session.cursor() as cursor:
        cursor.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE NOWAIT", [row.pk])
