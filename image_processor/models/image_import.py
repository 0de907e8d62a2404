"""The import of a picture from an address: a durable job."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import Job


class ImageImport(Job):
    """What is to be fetched for a source image in state `importing`. States: see `Job`.

    It goes with its image, and is forgotten some time after its end: addresses may hold secrets.
    """

    image = models.OneToOneField(
        "image_processor.SourceImage", on_delete=models.CASCADE, related_name="image_import"
    )
    url = models.CharField(max_length=2048)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts that failed by the other server."
    )

    class Meta(Job.Meta):
        abstract = False
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["finished_at"], name="import_finished"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"
