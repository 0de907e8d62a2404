"""Audit lines of the log: who did what to an account or to what belongs to it.

Every line is made by `record`, under the logger `audit`, whatever `LOG_LEVEL` says. In a request
it carries `request_id` and `address`, which the middleware has bound for all lines.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction

_log = structlog.get_logger("audit")


def record(event: str, *, user_id: int | None, warning: bool = False, **details: Any) -> None:
    """Write one line.

    `event` is a stable name such as `password_changed`; `user_id` the account that it is about,
    None where there is none; `warning` marks what may be an attack. Details are ids and counts:
    never a password, a token, a key or what somebody typed.
    """
    (_log.warning if warning else _log.info)(event, user_id=user_id, **details)


def record_on_commit(event: str, *, user_id: int | None, **details: Any) -> None:
    """The same once the current transaction is committed: what was undone did not happen."""
    transaction.on_commit(lambda: record(event, user_id=user_id, **details))
