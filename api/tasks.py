"""Celery's entry points for what the HTTP application keeps in order."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError

from api import mails, retention


@shared_task
def forget_expired() -> None:
    """Delete what the HTTP application no longer needs."""
    retention.forget_expired()


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=5, max_retries=8)
def answer_mail_request(kind: mails.Kind, address: str, request_id: str) -> None:
    """Find out whose mail was asked for, and put it into the outbox."""
    mails.answer(kind, address, request_id)
