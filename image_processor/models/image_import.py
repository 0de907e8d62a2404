"""Imports: the job that fetches a picture from a URL."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import TransientJob


class ImageImport(TransientJob):
    """The job that fetches the file of a source image in status `importing`. States: see `Job`.

    Its row does not stay, because URLs may contain secrets.
    """

    image = models.OneToOneField(
        "image_processor.SourceImage", on_delete=models.CASCADE, related_name="image_import"
    )
    url = models.CharField(max_length=2048)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts that failed because of the other server."
    )

    class Meta(TransientJob.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"import {self.pk}"
