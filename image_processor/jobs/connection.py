"""Close a database connection that may be dead, or that is not needed for a while."""

from __future__ import annotations

from django.db import connection


def check_connection() -> None:
    """Let the next query check the connection first, and open a new one if it is dead or old.

    Called after work that may have taken longer than the connection lived. Does nothing inside a
    transaction, which is using the connection.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def close_idle_connection() -> None:
    """Close this thread's connection; the next query opens a new one.

    Does nothing inside a transaction, which is using the connection.
    """
    if not connection.in_atomic_block:
        connection.close()
