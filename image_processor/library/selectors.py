"""Reads, always within what one owner has; each is one query, if it does not say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from image_processor.jobs.model import Status
from image_processor.library import batch_ends, quotas
from image_processor.models import (
    Batch,
    DirectUpload,
    Preset,
    SourceImage,
    TransformationTask,
    TransformedImage,
)


def images_of(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images with what a link to them needs."""
    return SourceImage.objects.filter(owner_id=owner_id).select_related("stored_object__thumbnail")


def direct_uploads_of(owner_id: int) -> QuerySet[DirectUpload]:
    """An owner's files that are sent to the storage itself."""
    return DirectUpload.objects.filter(owner_id=owner_id)


def duplicate_of(image: SourceImage) -> int | None:
    """The id of the owner's first image with the same bytes, if that is an earlier one."""
    if image.stored_object_id is None:
        return None
    earlier = SourceImage.objects.filter(stored_object=image.stored_object_id, pk__lt=image.pk)
    return earlier.order_by("pk").values_list("pk", flat=True).first()


def results_of(owner_id: int) -> QuerySet[TransformedImage]:
    """An owner's results with what a link to them needs."""
    return TransformedImage.objects.filter(owner_id=owner_id).select_related(
        "stored_object__thumbnail"
    )


def tasks_of(owner_id: int) -> QuerySet[TransformationTask]:
    """An owner's tasks with what a link to their results needs."""
    return TransformationTask.objects.filter(owner_id=owner_id).select_related(
        "result_image__stored_object"
    )


def task_counts(image: SourceImage) -> dict[Status, int]:
    """How many tasks of an image stand where."""
    rows = TransformationTask.objects.filter(original_image=image).order_by()
    found = dict(rows.values_list("status").annotate(Count("pk")))
    return {status: found.get(status, 0) for status in Status}


def presets_of(owner_id: int) -> QuerySet[Preset]:
    """An owner's presets."""
    return Preset.objects.filter(owner_id=owner_id)


def batches_of(owner_id: int) -> QuerySet[Batch]:
    """An owner's batches with how far they are."""
    return batch_ends.with_counts(Batch.objects.filter(owner_id=owner_id))


def usage_of(owner_id: int) -> dict[str, Any]:
    """An owner's quotas by name, with what is used of each. Two queries."""
    now = quotas.standing(owner_id)
    used = (now.bytes_stored, now.tasks_this_month, quotas.unfinished(owner_id))
    usage: dict[str, Any] = {
        name: {"used": amount, "limit": limit}
        for name, amount, limit in zip(now.limits._fields, used, now.limits, strict=True)
    }
    next_month = (now.month + timedelta(days=31)).replace(day=1)
    usage["tasks_this_month"]["resets_at"] = datetime(
        next_month.year, next_month.month, 1, tzinfo=UTC
    )
    return usage
