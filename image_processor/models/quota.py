"""Quotas of one owner, and the usage that counts against them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Quota(models.Model):
    """Limits that an operator sets for one owner. Null means the service's limit, 0 no limit."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    storage_mb = models.PositiveIntegerField(
        "storage (MB)",
        null=True,
        blank=True,
        help_text="Empty: the setting QUOTA_STORAGE_MB applies. 0: unlimited.",
    )
    tasks_per_month = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Empty: the setting QUOTA_TASKS_PER_MONTH applies. 0: unlimited.",
    )
    concurrent_tasks = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Empty: the setting QUOTA_CONCURRENT_TASKS applies. 0: unlimited.",
    )
    images = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Empty: the setting QUOTA_IMAGES applies. 0: unlimited.",
    )

    def __str__(self) -> str:
        return f"quota of {self.owner}"


class Usage(models.Model):
    """Counters of one owner. The transaction that changes the counted rows changes them, too.

    There is no counter of unfinished tasks, because tasks end in many ways: a query counts them.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    bytes_stored = models.BigIntegerField(
        default=0,
        help_text="Size of all stored objects, without thumbnails and proxies, and of the texts "
        "of all images and results.",
    )
    images = models.IntegerField(
        default=0, db_default=0, help_text="Images, also those that are imported or failed."
    )
    month = models.DateField(help_text="First day (UTC) of the month that `tasks` counts.")
    tasks = models.PositiveIntegerField(
        default=0, help_text="Tasks submitted in that month, including deleted ones."
    )

    class Meta:
        verbose_name_plural = "usage"

    def __str__(self) -> str:
        return f"usage of {self.owner}"
