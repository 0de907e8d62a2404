"""Audit lines of the log: who did what to an account or its objects. docs/audit.md lists them.

`record` writes every line under the logger `audit`, at every `LOG_LEVEL`. During a request the
line also has `request_id` and `address`, which the middleware binds for all log lines.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction

_log = structlog.get_logger("audit")


def record(event: str, *, user_id: int | None, warning: bool = False, **details: Any) -> None:
    """Write one line.

    `event` is a stable name such as `password_changed`. `user_id` is the affected account, or None.
    `warning` marks a possible attack. Details are ids and counts: never passwords, tokens, keys or
    text that a user typed.
    """
    (_log.warning if warning else _log.info)(event, user_id=user_id, **details)


def record_on_commit(event: str, *, user_id: int | None, **details: Any) -> None:
    """Write one line after the current transaction commits, and none if it rolls back."""
    transaction.on_commit(lambda: record(event, user_id=user_id, **details))
