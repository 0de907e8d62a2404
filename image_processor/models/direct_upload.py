"""Uploads that go straight to the object storage, before the service has looked at them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class DirectUpload(models.Model):
    """A form that somebody may send a file with, to one key, until it expires.

    `image` is set in the transaction that takes the file in. The key is an `UnclaimedObject` from
    the beginning and stays one: what becomes the image is a copy under a key that no form names.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=255, unique=True, editable=False)
    file_name = models.CharField(max_length=255)
    description = models.TextField(blank=True, max_length=10_000)
    content_type = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField(help_text="Exactly so many may be sent.")
    image = models.OneToOneField(
        "image_processor.SourceImage",
        on_delete=models.CASCADE,
        null=True,
        related_name="direct_upload",
    )
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="directupload_owner"),
            models.Index(fields=["expires_at"], name="directupload_expires"),
        ]

    def __str__(self) -> str:
        return f"direct upload {self.pk}"
