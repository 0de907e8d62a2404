"""Batches: one pipeline for many images, asked for at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Batch(models.Model):
    """What holds the tasks of one request together. How far it is, its tasks say.

    `finished_at` is set in the transaction that ends the last of its tasks, and emptied in the
    one that gives a task of it new attempts (`library.batch_ends`).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    transformations = models.JSONField(help_text="The steps as the owner gave them.")
    options = models.JSONField(
        default=dict, help_text="Those of format, quality, lossless, metadata, background given."
    )
    runs = models.PositiveIntegerField(default=0, help_text="How often all of it had ended.")
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    # How many tasks have each status; only set on rows that `library.batch_ends.with_counts` read.
    counts: dict[str, int]

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["owner", "-id"], name="batch_owner")]

    def __str__(self) -> str:
        return f"batch {self.pk}"
