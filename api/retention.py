"""What the HTTP application forgets, and after which time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts import sessions
from api.requests import idempotency

# What operators did in the admin.
ADMIN_LOG = timedelta(days=365)

log = structlog.get_logger(__name__)


def forget_expired() -> None:
    """Run every part; one that fails does not keep the others from running."""
    now = timezone.now()
    parts: list[Callable[[datetime], object]] = [
        token_families,
        idempotency_keys,
        admin_sessions,
        failed_logins,
        admin_log,
    ]
    for part in parts:
        try:
            part(now)
        except Exception:
            log.exception("forgetting_failed", part=part.__name__)


def token_families(now: datetime) -> None:
    """Sign-ins whose last token has expired."""
    sessions.forget_expired(now)


def idempotency_keys(now: datetime) -> None:
    """Keys of creations that may no longer be asked for again."""
    idempotency.forget_expired(now)


def admin_sessions(now: datetime) -> None:
    """Sessions of the admin that have expired."""
    SessionStore.clear_expired()


def failed_logins(now: datetime) -> None:
    """Failures that no longer count towards a lock."""
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()


def admin_log(now: datetime) -> None:
    """What operators did longer ago than `ADMIN_LOG`."""
    LogEntry.objects.filter(action_time__lt=now - ADMIN_LOG).delete()
