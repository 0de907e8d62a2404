"""The state of start-time fair queueing (`jobs.fair_order`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class QueueClock(models.Model):
    """The virtual time of one queue: the start tag of the job that was claimed last."""

    queue = models.CharField(max_length=16, primary_key=True)
    virtual_time = models.FloatField(default=0)
    floor = models.FloatField(
        default=0,
        db_default=0,
        help_text="No waiting or running job has a lower start tag, so claims search from here.",
    )


class FairShare(models.Model):
    """The last finish tag of one flow: an owner's jobs of one kind in one queue.

    Jobs that were submitted together form one flow, jobs that were submitted singly another.
    """

    queue = models.CharField(max_length=16)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    together = models.BooleanField(default=False, db_default=False)
    finish = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "owner", "together"], name="fairshare_flow")
        ]
