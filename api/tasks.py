"""Celery tasks of the HTTP application."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from api.requests import idempotency


@shared_task
def forget_expired() -> None:
    """Delete the idempotency keys whose retention time has passed."""
    idempotency.forget_expired(timezone.now())
