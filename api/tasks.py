"""Celery's entry points for what the HTTP application keeps in order."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from api import sessions


@shared_task
def forget_expired() -> None:
    """Delete token families whose last token has expired, and old sessions of the admin."""
    sessions.forget_expired(timezone.now())
    SessionStore.clear_expired()
