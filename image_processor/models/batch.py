"""Batches: one pipeline for many images, submitted in one request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Batch(models.Model):
    """The tasks that one request submitted. Its progress follows from the states of its tasks.

    The transaction that ends its last task sets `finished_at`; the transaction that retries one of
    its tasks sets `finished_at` to null (`library.batch_ends`).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    transformations = models.JSONField(help_text="The steps as the owner gave them.")
    options = models.JSONField(
        default=dict,
        help_text="Those of format, quality, lossless, metadata and background that were given.",
    )
    runs = models.PositiveIntegerField(default=0, help_text="How often the batch has finished.")
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    # Number of tasks per status; only on rows of `library.batch_ends.with_counts`.
    counts: dict[str, int]

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["owner", "created_at", "id"], name="batch_created")]

    def __str__(self) -> str:
        return f"batch {self.pk}"
