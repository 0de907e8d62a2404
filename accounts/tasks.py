"""Celery tasks of accounts."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError

from accounts import retention
from accounts.mails import requests


# The pauses are shorter than the visibility timeout of `utils.broker`. Otherwise Redis would
# deliver a waiting message again, and the mail would be sent twice.
@shared_task(
    time_limit=60,
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=5,
    retry_backoff_max=30,
    max_retries=40,
)
def queue_mail(kind: requests.Kind, address: str, request_id: str) -> None:
    """Look up the account of an address and queue the mail for it."""
    requests.queue_mail(kind, address, request_id)


@shared_task
def forget_expired() -> None:
    """Delete the records of accounts whose retention time has passed."""
    retention.forget_expired()
