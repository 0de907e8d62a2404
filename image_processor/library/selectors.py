"""Queries for the rows of one owner. A function that returns no queryset makes one query."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from image_processor.jobs.model import Status
from image_processor.library import batch_ends
from image_processor.models import (
    Batch,
    DirectUpload,
    Preset,
    SourceImage,
    TransformationTask,
    TransformedImage,
)


def images_of(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images, with the objects that their links need."""
    return SourceImage.objects.filter(owner_id=owner_id).select_related("stored_object__thumbnail")


def images_with_proxy_of(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images, with the objects that their previews need."""
    return images_of(owner_id).select_related("stored_object__proxy")


def direct_uploads_of(owner_id: int) -> QuerySet[DirectUpload]:
    """An owner's direct uploads, with the objects that links to their images need."""
    return DirectUpload.objects.filter(owner_id=owner_id).select_related(
        "image__stored_object__thumbnail"
    )


def find_duplicate(image: SourceImage) -> int | None:
    """Return the id of the owner's oldest image with the same bytes; None if no image is older."""
    if image.stored_object_id is None:
        return None
    earlier = SourceImage.objects.filter(stored_object=image.stored_object_id, pk__lt=image.pk)
    return earlier.order_by("pk").values_list("pk", flat=True).first()


def results_of(owner_id: int) -> QuerySet[TransformedImage]:
    """An owner's results, with the objects that their links need."""
    return TransformedImage.objects.filter(owner_id=owner_id).select_related(
        "stored_object__thumbnail"
    )


def tasks_of(owner_id: int) -> QuerySet[TransformationTask]:
    """An owner's tasks, with the objects that links to their results need."""
    return TransformationTask.objects.filter(owner_id=owner_id).select_related(
        "result_image__stored_object"
    )


def count_tasks(image: SourceImage) -> dict[Status, int]:
    """Count the tasks of an image by status."""
    rows = TransformationTask.objects.filter(original_image=image).order_by()
    found = dict(rows.values_list("status").annotate(Count("pk")))
    return {status: found.get(status, 0) for status in Status}


def presets_of(owner_id: int) -> QuerySet[Preset]:
    """An owner's presets."""
    return Preset.objects.filter(owner_id=owner_id)


def batches_of(owner_id: int) -> QuerySet[Batch]:
    """An owner's batches with their `counts`."""
    return batch_ends.with_counts(Batch.objects.filter(owner_id=owner_id))
