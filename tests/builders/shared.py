"""Rows that all tests of a module share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def shared_rows(blocker: Any) -> Iterator[None]:
    """Keep the rows made in the block until the fixture ends, below the tests' transactions.

    For fixtures of modules whose tests all roll back (none is `transaction=True`), with
    pytest-django's `django_db_setup` and `django_db_blocker`.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
