"""What the scheduler keeps doing for deliveries; safe to run twice at once."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from image_processor.jobs import transitions
from webhooks.models import QUEUE, Delivery
from webhooks.occurrences import wake

KEPT = timedelta(days=30)


def fail_lost(*, most: int = 500) -> int:
    """End deliveries whose every attempt died with its worker; how many."""
    return sum(transitions.fail_lost(delivery) for delivery in transitions.lost(Delivery)[:most])


def top_up(slots: int) -> int:
    """Wake as many workers as there are deliveries to be sent, at most `slots`; how many."""
    due = Delivery.objects.filter(queue=QUEUE, available_at__lte=Now()).values_list("pk")[:slots]
    for _ in due:
        wake()
    return len(due)


def forget_old() -> int:
    """Remove deliveries that were made longer ago than `KEPT`, however they ended."""
    return Delivery.objects.filter(created_at__lt=Now() - KEPT).delete()[0]
