"""Deletes records about sign-ins and operators when their retention time has passed."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.access import sessions

ADMIN_LOG_RETENTION = timedelta(days=365)

log = structlog.get_logger(__name__)


def forget_expired() -> None:
    """Delete every kind of expired record; a failure of one kind does not stop the others."""
    now = timezone.now()
    for part in (forget_sessions, forget_admin_sessions, forget_failed_sign_ins, forget_admin_log):
        try:
            part(now)
        except Exception:
            log.exception("retention_failed", part=part.__name__)


def forget_sessions(now: datetime) -> None:
    """Delete the sessions whose last token has expired."""
    sessions.forget_expired(now)


def forget_admin_sessions(now: datetime) -> None:
    """Delete the expired sessions of Django's admin."""
    SessionStore.clear_expired()


def forget_failed_sign_ins(now: datetime) -> None:
    """Delete the failed sign-ins that no longer count towards a lockout."""
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()


def forget_admin_log(now: datetime) -> None:
    """Delete the records of what operators did in the admin before `ADMIN_LOG_RETENTION`."""
    LogEntry.objects.filter(action_time__lt=now - ADMIN_LOG_RETENTION).delete()
