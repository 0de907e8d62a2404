"""What one owner may use, and what is used of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Quota(models.Model):
    """An operator's word on one owner: empty is the service's own limit, 0 is no limit."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    storage_mb = models.PositiveIntegerField(
        "storage (MB)", null=True, blank=True, help_text="Empty: QUOTA_STORAGE_MB. 0: unlimited."
    )
    tasks_per_month = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: QUOTA_TASKS_PER_MONTH. 0: unlimited."
    )
    concurrent_tasks = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: QUOTA_CONCURRENT_TASKS. 0: unlimited."
    )

    def __str__(self) -> str:
        return f"quota of {self.owner}"


class Usage(models.Model):
    """Counters of one owner, changed by `library.quotas` in the transaction that they tell of.

    Unfinished tasks are not counted here but looked up: they end in many ways.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    bytes_stored = models.BigIntegerField(default=0, help_text="Of all stored objects.")
    month = models.DateField(help_text="First day (UTC) of the month that `tasks` is about.")
    tasks = models.PositiveIntegerField(
        default=0, help_text="Submitted in that month, the deleted ones too."
    )

    class Meta:
        verbose_name_plural = "usage"

    def __str__(self) -> str:
        return f"usage of {self.owner}"
