"""What the outcomes of attempts say about a receiver: accepting, failing, silent, gone.

Call these functions in a transaction that has locked the webhook. An outcome at an address that
the webhook no longer has says nothing about the new address.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from image_processor.jobs.model import Status
from webhooks import disabling
from webhooks.delivery.sending import Outcome
from webhooks.models import Delivery, Reason, Webhook

# How long nothing is sent to a receiver that did not answer.
HOLD_SECONDS = 300.0


def note_acceptance(webhook: Webhook) -> None:
    """Record that the receiver accepts again, and let the held deliveries follow at once."""
    if webhook.failing_since is None and webhook.held_until is None:
        return
    if webhook.held_until is not None:
        _waiting(webhook).filter(available_at=webhook.held_until).update(available_at=Now())
    Webhook.objects.filter(pk=webhook.pk).update(
        failing_since=None, held_until=None, updated_at=Now()
    )


def note_failure(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Record since when the receiver fails, and hold the webhook's other deliveries back.

    Otherwise a thousand deliveries to a receiver that hangs would each take a slot for seconds.
    The delivery itself is tried earlier; when it is accepted, the others follow at once.
    """
    if webhook.url != outcome.url:
        return
    rows = Webhook.objects.filter(pk=webhook.pk)
    rows.filter(failing_since=None).update(failing_since=Now(), updated_at=Now())
    seconds = HOLD_SECONDS if outcome.status is None else outcome.retry_after
    if seconds:
        until = Now() + timedelta(seconds=seconds)
        rows.update(held_until=Greatest("held_until", until))
        held = rows.values_list("held_until", flat=True).get()
        others = _waiting(webhook).exclude(pk=delivery.pk)
        others.filter(available_at__lt=held).update(available_at=held)


def disable_if_due(webhook: Webhook, outcome: Outcome) -> None:
    """Disable a webhook whose receiver is gone, or has failed for `disabling.FAILING_FOR`."""
    if webhook.url != outcome.url:
        return
    if outcome.gone:
        disabling.disable(webhook, Reason.GONE)
    elif webhook.failing_since and webhook.failing_since <= timezone.now() - disabling.FAILING_FOR:
        disabling.disable(webhook, Reason.FAILING)


def _waiting(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook, status=Status.PENDING)
