"""A second database session, for tests of row locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
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


def call_while_locked(
    row: Model, call: Callable[[], Any], change: Callable[[], Any], *, no_key: bool = True
) -> Any:
    """Call in a thread, let `change` run while the call waits for the row, and return its result.

    This transaction holds the row from before the call until after the change. Without `no_key`
    the call also waits if it only shares the row.
    """

    def run() -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            type(row)._base_manager.select_for_update(no_key=no_key).get(pk=row.pk)
            result = pool.submit(run)
            while not _somebody_waits() and not result.done():
                pass
            change()
        return result.result(timeout=30)


def _somebody_waits() -> bool:
    """Whether another session waits for a lock of the present transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


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
