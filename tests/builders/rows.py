"""Rows made with the services, as in production."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from image_processor.ingest.upload import upload
from image_processor.models import SourceImage, TransformationTask
from image_processor.transform.submit import submit
from tests.builders import pictures

RESIZE = [{"operation": "resize", "params": {"width": 16, "height": 16}}]


def image(owner: Any, data: bytes | None = None) -> SourceImage:
    """Upload a picture."""
    file = ContentFile(data if data is not None else pictures.jpeg(), name="photo.jpg")
    return upload(owner.pk, file)[0]


def task(source: SourceImage, transformations: Any = None, **changes: Any) -> TransformationTask:
    """Submit a task, then apply `changes` to its row."""
    row = submit(source, transformations=transformations or RESIZE, format="png")
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
