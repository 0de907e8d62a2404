"""Celery's entry points for what the HTTP application keeps in order."""

from __future__ import annotations

from celery import shared_task

from api import retention


@shared_task
def forget_expired() -> None:
    """Delete what the HTTP application no longer needs."""
    retention.forget_expired()
