"""Deliveries that an owner requests: test messages, and finished deliveries sent again."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from image_processor.jobs import fair_order, wakeups
from image_processor.jobs.model import FINISHED, Status
from utils.errors import DomainError
from webhooks import endpoints
from webhooks.delivery import deliveries
from webhooks.models import QUEUE, TEST_EVENT, Delivery, Webhook


class WebhookDisabled(DomainError):
    code = "webhook_disabled"
    status = 409
    title = "Webhook disabled"


class DeliveryUnfinished(DomainError):
    code = "delivery_unfinished"
    status = 409
    title = "Delivery not finished"


def send_test(webhook: Webhook) -> Delivery:
    """Write the delivery of a `webhook.test` message, in the caller's transaction.

    Raises `WebhookDisabled`, `NotFound`, `AccountGone`.
    """
    locked = endpoints.lock(webhook)
    _require_enabled(locked)
    body = deliveries.encode_message(TEST_EVENT, timezone.now(), {"webhook": locked.pk})
    return deliveries.add_delivery(locked, TEST_EVENT, body)


@transaction.atomic
def redeliver(delivery: Delivery) -> None:
    """Send a finished delivery once more, with new attempts and the same `webhook-id`.

    Raises `WebhookDisabled`, `DeliveryUnfinished`, `NotFound`, `AccountGone`.
    """
    locked = endpoints.lock(delivery.webhook)
    _require_enabled(locked)
    position = fair_order.place(delivery.queue, delivery.owner_id, 1)
    finished = Delivery.objects.filter(pk=delivery.pk, status__in=FINISHED)
    changed = finished.update(
        status=Status.PENDING,
        position=position,
        attempts=0,
        excused=0,
        failures=0,
        progress=0,
        error_code="",
        error_message="",
        available_at=Now(),
        queued_at=Now(),
        started_at=None,
        finished_at=None,
        updated_at=Now(),
    )
    if not changed:
        raise DeliveryUnfinished(
            "This delivery is not finished. It can be sent again once it is finished."
        )
    wakeups.wake_on_commit(QUEUE.name)


def _require_enabled(webhook: Webhook) -> None:
    if not webhook.enabled:
        raise WebhookDisabled("Nothing is sent to a disabled webhook. Enable it first.")
