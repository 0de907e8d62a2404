"""The outbox: events, each written in the transaction of the change that it reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """Something that happened, such as `task.succeeded`, for handlers to react to."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=32)
    payload = models.JSONField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        null=True, db_default=Now(), help_text="When its handlers run next; null when they have."
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="event_due"
            ),
            models.Index(fields=["created_at"], name="event_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
