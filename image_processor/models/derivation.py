"""Derivations: the job that makes thumbnail, proxy and colours of one stored picture."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import TransientJob
from image_processor.models.stored_object import StoredObject


class Derivation(TransientJob):
    """The job that derives thumbnail, proxy and colours from a stored object. States: see `Job`.

    There is one per stored object, however many images and results share the object. If it
    fails, the picture has no thumbnail and is usable otherwise.
    """

    stored_object = models.OneToOneField(
        StoredObject, on_delete=models.CASCADE, related_name="derivation"
    )

    class Meta(TransientJob.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"derivation {self.pk}"
