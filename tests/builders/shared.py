"""Rows that all tests of a module look at, made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def shared_rows(blocker: Any) -> Iterator[None]:
    """Keep the rows made inside until the end, below the transactions of single tests.

    For fixtures of a module whose tests all roll back (none is `transaction=True`), with
    pytest-django's `django_db_setup` and `django_db_blocker`.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
