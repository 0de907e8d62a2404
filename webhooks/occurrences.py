"""From what happened to what is to be delivered: the handler of the core's events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from image_processor.jobs import fair
from image_processor.jobs.model import Status
from image_processor.models import TransformationTask
from outbox.models import Event
from utils import messages
from webhooks.models import QUEUE, Delivery, Webhook

_FREE_OWNER = "SELECT 1 FROM {users} WHERE id = %s FOR KEY SHARE SKIP LOCKED"
_STATUS = {"task.succeeded": Status.SUCCESS, "task.failed": Status.FAILED}


class OwnerBusy(Exception):
    """The account is being deleted; if it is not after all, the event comes again."""


def deliver(event: Event) -> None:
    """Write one delivery for each webhook that asked for such events; twice is like once."""
    asked = Webhook.objects.filter(
        owner_id=event.owner_id, enabled=True, events__contains=[event.kind]
    )
    if not asked.exists():
        return
    data = _data(event)
    if data is None:
        return
    body = encoded(event.kind, event.created_at, data)
    with transaction.atomic():
        _share_owner_without_waiting(event.owner_id)
        known = set(Delivery.objects.filter(event_id=event.pk).values_list("webhook_id", flat=True))
        for webhook in asked.order_by("pk").select_for_update(no_key=True):
            if webhook.pk not in known:
                add(webhook, event.kind, body, event_id=event.pk)


def add(webhook: Webhook, kind: str, body: str, *, event_id: int | None = None) -> Delivery:
    """One delivery, sent as soon as it is its turn. For a transaction that holds the webhook."""
    delivery = Delivery.objects.create(
        owner_id=webhook.owner_id,
        webhook=webhook,
        event_id=event_id,
        kind=kind,
        body=body,
        queue=QUEUE,
        position=fair.place(QUEUE, webhook.owner_id, 1),
        # A moment that is over is as good as now.
        **({"available_at": webhook.held_until} if webhook.held_until else {}),
    )
    wake_on_commit()
    return delivery


def encoded(kind: str, moment: datetime, data: dict[str, Any]) -> str:
    """The body of a message."""
    timestamp = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}, ensure_ascii=False)


def wake_on_commit() -> None:
    """Let a worker look for deliveries; should the message be lost, the scheduler looks, too."""
    transaction.on_commit(wake)


def wake() -> None:
    messages.send("webhooks.tasks.deliver", "system")


def _share_owner_without_waiting(owner_id: int) -> None:
    """Whoever deletes the account waits for the event, which we hold: so we must not wait."""
    statement = _FREE_OWNER.format(users=get_user_model()._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(statement, [owner_id])
        if cursor.fetchone() is None:
            raise OwnerBusy(f"Account {owner_id} is held by somebody else.")


def _data(event: Event) -> dict[str, Any] | None:
    """Ids and how it ended, no links: those expire. None when the task was deleted since."""
    if event.kind not in _STATUS:
        return dict(event.payload)
    tasks = TransformationTask.objects.filter(pk=event.payload["task"])
    ids = tasks.values("original_image", "result_image").first()
    if ids is None:
        return None
    data = {"task": event.payload["task"], "status": _STATUS[event.kind].value, **ids}
    return data | ({"error_code": event.payload["code"]} if "code" in event.payload else {})
