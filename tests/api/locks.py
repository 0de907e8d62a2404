"""Waiting for what other connections do."""

from __future__ import annotations

import time

import pytest
from django.db import connection


def until_waiting(count: int) -> list[int]:
    """Return when so many connections wait for a lock: their process ids."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT pid FROM pg_locks WHERE NOT granted")
            waiting = [pid for (pid,) in cursor.fetchall()]
        if len(waiting) >= count:
            return waiting
        time.sleep(0.01)
    pytest.fail(f"{count} connections never waited")
