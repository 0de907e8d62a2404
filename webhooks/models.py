"""Webhooks, and their deliveries: each one a durable job."""

from __future__ import annotations

import uuid
from typing import Literal, get_args

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from image_processor.jobs.model import Job
from image_processor.jobs.queues import Queue

# Deliveries wait in fair order in a queue of their own. A system worker runs at most `wakeups` of
# them at a time. One attempt takes at most `sending.SECONDS`.
QUEUE = Queue("webhooks", soft_limit=20, hard_limit=25, wakeups=4, carrier="system")
# The kinds of events that a webhook can subscribe to.
Event = Literal["task.succeeded", "task.failed", "batch.finished"]
EVENTS: tuple[str, ...] = get_args(Event)
TEST_EVENT = "webhook.test"


class Reason(models.TextChoices):
    """Why the service itself disabled a webhook."""

    GONE = "gone", "the receiver answered 410"
    FAILING = "failing", "nothing was accepted for days"


class Webhook(models.Model):
    """The address of an owner's server, which receives events."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    url = models.CharField(max_length=2048)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(help_text="The kinds that it subscribes to, of `EVENTS`.")
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=8, blank=True, choices=Reason)
    secret = models.CharField(max_length=64, editable=False)
    old_secrets = models.JSONField(
        default=list,
        editable=False,
        help_text="[secret, time until which it also signs], oldest first.",
    )
    failing_since = models.DateTimeField(
        null=True, help_text="The first failure since the last accepted delivery."
    )
    held_until = models.DateTimeField(
        null=True,
        help_text="Nothing is sent until then: the receiver did not answer, or asked for it.",
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["owner", "created_at", "id"], name="webhook_created")]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


def new_message_id() -> str:
    """The `webhook-id`, the same for every attempt."""
    return f"msg_{uuid.uuid4().hex}"


class Delivery(Job):
    """One event for one webhook. States: see `Job`.

    An attempt that the receiver did not accept is excused and counts as a failure; the delivery
    itself fails after `retrying.ATTEMPTS` of them. Its owner may send any ended delivery
    again.
    """

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event_id = models.BigIntegerField(
        null=True,
        help_text="The outbox's id of the event, which it deletes earlier; null for a test.",
    )
    kind = models.CharField(max_length=32)
    message_id = models.CharField(max_length=40, default=new_message_id, unique=True)
    body = models.TextField(help_text="The JSON that is sent, to the byte.")
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts that the receiver did not accept."
    )
    tries = models.JSONField(
        default=list, help_text="The outcomes of the last attempts, oldest first."
    )

    class Meta(Job.Meta):
        abstract = False
        verbose_name_plural = "deliveries"
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["owner", "webhook", "created_at", "id"], name="delivery_webhook"),
            # Finds deliveries to delete. A B-tree would have the order of a list of deliveries, and
            # PostgreSQL might then walk through those of all owners.
            BrinIndex(fields=["created_at"], name="delivery_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once")
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
