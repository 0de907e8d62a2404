"""The last line of a process in which something hangs."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from django.conf import settings

# For the line, and for Sentry to take it.
LONGEST_SECONDS = 5

log = structlog.get_logger(__name__)


def report(event: str, **fields: Any) -> None:
    """Log why the process ends, and wait a few seconds until Sentry has the event.

    A thread does so: what hangs may hold the lock of the log, and the process must end in any case.
    """
    thread = threading.Thread(target=_report, args=[event, fields], daemon=True)
    thread.start()
    thread.join(LONGEST_SECONDS)


def _report(event: str, fields: dict[str, Any]) -> None:
    log.critical(event, **fields)
    if settings.SENTRY_DSN:
        from utils import error_reports  # the library takes a quarter of a second

        error_reports.flush(LONGEST_SECONDS)
