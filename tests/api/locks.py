"""Wait for database connections that wait for a lock."""

from __future__ import annotations

import time

import pytest
from django.db import connection


def until_waiting(count: int) -> list[int]:
    """Return the process ids of the waiting connections once this many wait for a lock."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT pid FROM pg_locks WHERE NOT granted")
            waiting = [pid for (pid,) in cursor.fetchall()]
        if len(waiting) >= count:
            return waiting
        time.sleep(0.01)
    pytest.fail(f"{count} connections never waited")
