"""Direct uploads: clients send files to the object storage, then the service checks them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class DirectUpload(models.Model):
    """An announced file. Until `expires_at`, a form lets the client write it to `key`.

    The transaction that makes an image of the file sets `image`. The key belongs to an
    `UnclaimedObject` all the time: the image gets a copy of the file under another key, to which
    no form can write.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=255, unique=True, editable=False)
    file_name = models.CharField(max_length=255)
    description = models.TextField(blank=True, max_length=10_000)
    content_type = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField(help_text="The exact size that the form accepts.")
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
