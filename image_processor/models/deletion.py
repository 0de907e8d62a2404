"""Deletions in the background: of an account, or of an image with many tasks."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import TransientJob


class Deletion(TransientJob):
    """The job that deletes the rows of an image, or of its owner if `image` is null. States: `Job`.

    The image and everything made from it are hidden from the moment at which this row and the
    image's `deleted_at` are written (`library.selectors`), and links of the local storage answer
    404. The row outlives the image, so that the owner can read how it ended.
    """

    image = models.OneToOneField(
        "image_processor.SourceImage",
        models.DO_NOTHING,
        null=True,
        related_name="deletion",
        db_constraint=False,
    )
    tasks = models.PositiveIntegerField(
        default=0, help_text="How many tasks the image had when it was deleted."
    )
    tasks_removed = models.PositiveIntegerField(
        default=0, help_text="How many of them are removed, with their results."
    )

    class Meta(TransientJob.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(image__isnull=True),
                name="deletion_of_account_once",
            )
        ]

    def __str__(self) -> str:
        return f"deletion {self.pk}"
