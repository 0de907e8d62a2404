"""Write deliveries: one for each event and each webhook that subscribes to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.locks import share_free_owner
from image_processor.jobs import fair_order, wakeups
from image_processor.jobs.model import Status
from image_processor.models import TransformationTask
from outbox.models import Event
from webhooks.models import QUEUE, Delivery, Webhook

KEPT = timedelta(days=30)

_STATUS = {"task.succeeded": Status.SUCCESS, "task.failed": Status.FAILED}


def deliver_event(event: Event) -> None:
    """Write one delivery for each webhook that subscribes to the event; repeated calls add none.

    Raises `AccountBusy`, after which the event is handled again later.
    """
    data = _data(event)
    if data is None:
        return
    body = encode_message(event.kind, event.created_at, data)
    with transaction.atomic():
        # The caller has locked the event, which comes after the owner in the order of locks. So
        # this must not wait for the owner.
        if not share_free_owner(event.owner_id):
            return
        known = set(Delivery.objects.filter(event_id=event.pk).values_list("webhook_id", flat=True))
        subscribed = _subscribed(event.owner_id, event.kind)
        for webhook in subscribed.order_by("pk").select_for_update(no_key=True):
            if webhook.pk not in known:
                add_delivery(webhook, event.kind, body, event_id=event.pk)


def has_subscribers(owner_id: int, kind: str) -> bool:
    """Return whether a webhook subscribes to an owner's events of this kind."""
    return _subscribed(owner_id, kind).exists()


def _subscribed(owner_id: int, kind: str) -> QuerySet[Webhook]:
    return Webhook.objects.filter(owner_id=owner_id, enabled=True, events__contains=[kind])


def add_delivery(
    webhook: Webhook, kind: str, body: str, *, event_id: int | None = None
) -> Delivery:
    """Write one delivery, in a transaction that has locked the webhook."""
    delivery = Delivery.objects.create(
        owner_id=webhook.owner_id,
        webhook=webhook,
        event_id=event_id,
        kind=kind,
        body=body,
        queue=QUEUE.name,
        position=fair_order.place(QUEUE.name, webhook.owner_id, 1),
        # A time in the past means now.
        **({"available_at": webhook.held_until} if webhook.held_until else {}),
    )
    wakeups.wake_on_commit(QUEUE.name)
    return delivery


def encode_message(kind: str, moment: datetime, data: dict[str, Any]) -> str:
    """Return the JSON body of a message."""
    timestamp = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False)


def of_owner(owner_id: int) -> QuerySet[Delivery]:
    """An owner's deliveries, each with its webhook."""
    return Delivery.objects.filter(owner_id=owner_id).select_related("webhook")


def forget_old() -> int:
    """Delete deliveries written longer ago than `KEPT`, however they ended; return how many."""
    return Delivery.objects.filter(created_at__lt=Now() - KEPT).delete()[0]


def _data(event: Event) -> dict[str, Any] | None:
    """Return ids and status, but no links, because links expire. None if the task was deleted."""
    if event.kind not in _STATUS:
        return dict(event.payload)
    tasks = TransformationTask.objects.filter(pk=event.payload["task"])
    ids = tasks.values("original_image", "result_image").first()
    if ids is None:
        return None
    data = {"task": event.payload["task"], "status": _STATUS[event.kind].value, **ids}
    return data | ({"error_code": event.payload["code"]} if "code" in event.payload else {})
