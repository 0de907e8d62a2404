"""Celery's entry points for what the HTTP application keeps in order."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from api import idempotency, sessions


@shared_task
def forget_expired() -> None:
    """Delete what has expired: token families, `Idempotency-Key`s, sessions of the admin."""
    now = timezone.now()
    sessions.forget_expired(now)
    idempotency.forget_expired(now)
    SessionStore.clear_expired()
