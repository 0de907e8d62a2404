"""Rows made with the services, as in production."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.db import transaction

from image_processor.ingest import file_check
from image_processor.ingest.storing import storing
from image_processor.jobs import runner
from image_processor.library import images
from image_processor.library.deletion import account
from image_processor.models import Batch, SourceImage, TransformationTask
from image_processor.transform import batches, pipelines
from image_processor.transform.submit import submit
from tests.builders import pictures

RESIZE = [{"operation": "resize", "params": {"width": 16, "height": 16}}]


def image(owner: Any, data: bytes | None = None) -> SourceImage:
    """An uploaded picture."""
    file = BytesIO(data if data is not None else pictures.jpeg())
    with storing(file_check.check(owner.pk, file)) as stored:
        return images.create(stored, file_name="photo.jpg")


def submitted(source: SourceImage, **request: Any) -> TransformationTask:
    """A task that applies a pipeline, as `pipelines.parse` takes it."""
    row = pipelines.parse(source.owner_id, **request).task(source)
    with transaction.atomic():
        submit(row)
    return row


def batch(source: SourceImage, **request: Any) -> Batch:
    """A batch of one image."""
    pipeline = pipelines.parse(source.owner_id, **request)
    with transaction.atomic():
        return batches.create(pipeline, batches.plan(pipeline, [source.pk]))


def task(source: SourceImage, transformations: Any = None, **changes: Any) -> TransformationTask:
    """A submitted task, then changed as a test needs it."""
    row = submitted(source, transformations=transformations or RESIZE, format="png")
    if changes:
        TransformationTask.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    return row


def tasks(source: SourceImage, count: int, *, start: int = 10) -> list[TransformationTask]:
    """Submit tasks that all differ: the results are `start` px wide, `start + 1` px, ..."""
    return [
        task(source, [{"operation": "resize", "params": {"width": width, "height": 10}}])
        for width in range(start, start + count)
    ]


def delete_account(user: Any) -> None:
    """Delete an account, and do what a worker does in the background."""
    account.forget_user(user)
    run_deletions()


def run_deletions() -> None:
    """Remove the rows of everything that was deleted."""
    while runner.run_next("deletions"):
        pass
