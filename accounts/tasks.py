"""Celery tasks of accounts."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError

from accounts import mails


@shared_task(autoretry_for=(OperationalError, InterfaceError), retry_backoff=5, max_retries=8)
def answer_mail_request(kind: mails.Kind, address: str, request_id: str) -> None:
    """Find out whose mail was asked for, and put it into the outbox."""
    mails.answer(kind, address, request_id)
