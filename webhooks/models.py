"""Webhooks, and their deliveries: each one a durable job."""

from __future__ import annotations

import uuid
from typing import Literal, get_args

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from image_processor.jobs.model import Job

# Not a queue of the broker: a name under which deliveries take their fair turns.
QUEUE = "webhooks"
# What a webhook may ask for.
Event = Literal["task.succeeded", "task.failed", "batch.finished"]
EVENTS: tuple[str, ...] = get_args(Event)
TEST_EVENT = "webhook.test"


class Reason(models.TextChoices):
    """Why the service itself disabled a webhook."""

    GONE = "gone", "the receiver answered 410"
    FAILING = "failing", "nothing was accepted for days"


class Webhook(models.Model):
    """An address of its owner's that is told of events."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    url = models.CharField(max_length=2048)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(help_text="Which of `EVENTS`.")
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=8, blank=True, choices=Reason)
    secret = models.CharField(max_length=64, editable=False)
    old_secrets = models.JSONField(
        default=list, editable=False, help_text="[secret, until when it signs, too], oldest first."
    )
    failing_since = models.DateTimeField(
        null=True, help_text="The first failure after which nothing was accepted."
    )
    held_until = models.DateTimeField(
        null=True, help_text="Until when nothing is sent, since it did not answer or asked for it."
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="webhook_owner")]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


def new_message_id() -> str:
    """The `webhook-id`, the same for every attempt."""
    return f"msg_{uuid.uuid4().hex}"


class Delivery(Job):
    """One event for one webhook. States: see `Job`.

    An attempt that was not accepted is an excused one (`excused` counts them), followed by a
    pause; `attempts` counts those, too, in which a worker died.
    """

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event_id = models.BigIntegerField(
        null=True, help_text="Of the outbox, which forgets earlier; null for a test."
    )
    kind = models.CharField(max_length=32)
    message_id = models.CharField(max_length=40, default=new_message_id, unique=True)
    body = models.TextField(help_text="The JSON that is sent, to the byte.")
    tries = models.JSONField(default=list, help_text="What the last attempts came to, in order.")

    class Meta(Job.Meta):
        abstract = False
        verbose_name_plural = "deliveries"
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["webhook", "-id"], name="delivery_webhook"),
            models.Index(fields=["created_at"], name="delivery_created"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once")
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
