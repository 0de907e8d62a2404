"""Celery's entry points for what the HTTP application keeps in order."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from api import mails, sessions


@shared_task
def forget_expired() -> None:
    """Delete token families whose last token has expired, and old sessions of the admin."""
    sessions.forget_expired(timezone.now())
    SessionStore.clear_expired()


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=5, max_retries=8)
def answer_mail_request(kind: mails.Kind, address: str, request_id: str) -> None:
    """Find out whose mail was asked for, and put it into the outbox."""
    mails.answer(kind, address, request_id)
