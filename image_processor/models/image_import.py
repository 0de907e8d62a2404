"""Imports: the job that fetches a picture from a URL."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import Job


class ImageImport(Job):
    """The job that fetches the file of a source image in status `importing`. States: see `Job`.

    Finished rows are deleted after a while, because URLs may contain secrets.
    """

    image = models.OneToOneField(
        "image_processor.SourceImage", on_delete=models.CASCADE, related_name="image_import"
    )
    url = models.CharField(max_length=2048)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts that failed because of the other server."
    )

    class Meta(Job.Meta):
        abstract = False
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["finished_at"], name="import_finished"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"
