"""Presets: named pipelines."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Preset(models.Model):
    """A named pipeline. A task copies its steps, so later changes do not affect the task."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True, max_length=10_000)
    transformations = models.JSONField(help_text="The steps as the owner gave them.")
    options = models.JSONField(
        default=dict,
        help_text="Those of format, quality, lossless, metadata and background that were given.",
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="preset_owner_name")]
        indexes = [models.Index(fields=["owner", "created_at", "id"], name="preset_created")]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"
