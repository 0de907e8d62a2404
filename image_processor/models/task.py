"""The transformation task: one pipeline, one source, one result."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import Job


class TransformationTask(Job):
    """A pipeline that is to be applied to a source image. States: see `Job`."""

    original_image = models.ForeignKey(
        "image_processor.SourceImage", on_delete=models.CASCADE, related_name="tasks"
    )
    batch = models.ForeignKey(
        "image_processor.Batch",
        on_delete=models.SET_NULL,
        null=True,
        related_name="tasks",
        db_index=False,
    )
    transformations = models.JSONField(help_text="The steps as the owner gave them.")
    pipeline = models.JSONField(help_text="The canonical pipeline with its output options.")
    format = models.CharField(max_length=8, help_text="Of the result, upper-case.")
    quality = models.PositiveSmallIntegerField(null=True)
    fingerprint = models.CharField(max_length=64)
    warnings = models.JSONField(default=list)

    class Meta(Job.Meta):
        abstract = False
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["original_image", "-id"], name="task_image"),
            # How many unfinished ones an owner has, which a quota asks at every submission.
            models.Index(
                fields=["owner"],
                condition=models.Q(available_at__isnull=False),
                name="task_unfinished",
            ),
            # How many tasks of a batch stand where.
            models.Index(
                fields=["batch", "status"],
                condition=models.Q(batch__isnull=False),
                name="task_batch",
            ),
            # Lists of one state, such as what failed, however many tasks went well.
            models.Index(fields=["owner", "status", "-id"], name="task_status"),
            # Lists of a time, and counts by day and state.
            models.Index(
                fields=["owner", "created_at", "id"], include=["status"], name="task_created"
            ),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"
