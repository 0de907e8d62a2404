"""The derivation: thumbnail, proxy and colours of one stored picture, made in the background."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import Job
from image_processor.models.stored_object import StoredObject


class Derivation(Job):
    """What is to be made of a stored picture. States: see `Job`.

    One for each picture, however many images and results share it. A picture whose derivation
    fails is as good as before; it has no thumbnail. What has ended is forgotten after a while.
    """

    stored_object = models.OneToOneField(
        StoredObject, on_delete=models.CASCADE, related_name="derivation"
    )

    class Meta(Job.Meta):
        abstract = False
        indexes = [
            *Job.Meta.indexes,
            models.Index(
                fields=["finished_at"],
                condition=models.Q(finished_at__isnull=False),
                name="derivation_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"derivation {self.pk}"
