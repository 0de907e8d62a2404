"""Transformation tasks: the job that applies one pipeline to one source image."""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import Job


class TransformationTask(Job):
    """The job that makes a result of a source image with a pipeline. States: see `Job`."""

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
    format = models.CharField(max_length=8, help_text="Format of the result, in upper case.")
    quality = models.PositiveSmallIntegerField(null=True)
    fingerprint = models.CharField(max_length=64)
    warnings = models.JSONField(default=list)

    class Meta(Job.Meta):
        abstract = False
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["owner", "original_image", "created_at", "id"], name="task_image"),
            # Counts an owner's unfinished tasks, which a quota limits, at every submission.
            models.Index(
                fields=["owner"],
                condition=models.Q(available_at__isnull=False),
                name="task_unfinished",
            ),
            # Counts the tasks of a batch by status.
            models.Index(
                fields=["batch", "status"],
                condition=models.Q(batch__isnull=False),
                name="task_batch",
            ),
            # Lists tasks of one status, such as the failed among many successful ones.
            models.Index(fields=["owner", "status", "created_at", "id"], name="task_status"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"
