"""What start-time fair queueing remembers."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class QueueClock(models.Model):
    """The virtual time of one queue: the start tag of the last job that was claimed."""

    queue = models.CharField(max_length=16, primary_key=True)
    virtual_time = models.FloatField(default=0)
    floor = models.FloatField(
        default=0, db_default=0, help_text="Below it nothing waits or runs: claims start here."
    )


class FairShare(models.Model):
    """Up to which virtual time one flow of one owner's work in one queue reaches.

    That is the last finish tag. Jobs asked for together are one flow, single ones another.
    """

    queue = models.CharField(max_length=16)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    together = models.BooleanField(default=False, db_default=False)
    finish = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "owner", "together"], name="fairshare_flow")
        ]
