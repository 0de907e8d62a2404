"""Letting go of a database connection that may have died, or that is not needed for a while."""

from __future__ import annotations

from django.db import connection


def let_go() -> None:
    """Close this thread's connection; the next query opens a fresh one.

    Inside a transaction nothing happens: there the connection is in use.
    """
    if not connection.in_atomic_block:
        connection.close()
