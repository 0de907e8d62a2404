"""Queries for the rows of one owner. A function that returns no queryset makes one query."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from image_processor.jobs.model import Status
from image_processor.library import batch_ends
from image_processor.models import (
    Batch,
    Deletion,
    DirectUpload,
    Preset,
    SourceImage,
    TransformationTask,
    TransformedImage,
)
from utils.prepared_query import PreparedQuery


def present_images(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images, without those that are being deleted.

    For lists, whose indexes have the ids but not `deleted_at`. Locks compare `deleted_at`, because
    a subquery still sees the rows of before a wait (`library.locks`).
    """
    return SourceImage.objects.filter(owner_id=owner_id).exclude(pk__in=_deleted(owner_id))


def count_hidden_images(owner_id: int) -> int:
    """Count an owner's source images that are being deleted: few, and usually none.

    The transaction that deletes an image also ends its deletion with success.
    """
    deletions = Deletion.objects.filter(owner_id=owner_id)
    return deletions.exclude(status=Status.SUCCESS).count()


def images_of(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images, with the objects that their links need."""
    return present_images(owner_id).select_related("stored_object__thumbnail")


def images_with_proxy_of(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images, with the objects that their previews need."""
    return images_of(owner_id).select_related("stored_object__proxy")


def direct_uploads_of(owner_id: int) -> QuerySet[DirectUpload]:
    """An owner's direct uploads, with the objects that links to their images need."""
    uploads = DirectUpload.objects.filter(owner_id=owner_id)
    present = uploads.exclude(image__in=_deleted(owner_id))
    return present.select_related("image__stored_object__thumbnail")


def find_duplicate(image: SourceImage) -> int | None:
    """Return the id of the owner's oldest image with the same bytes; None if no image is older."""
    if image.stored_object_id is None:
        return None
    earlier = _EARLIER.first(image.owner_id, image.stored_object_id, image.pk)
    return None if earlier is None else earlier.pk


def _with_same_bytes(owner_id: int, stored_object: int, before: int) -> QuerySet[SourceImage]:
    same_bytes = present_images(owner_id).filter(stored_object=stored_object)
    return same_bytes.filter(pk__lt=before).order_by("pk").only("pk")[:1]


_EARLIER = PreparedQuery(_with_same_bytes, [-1, -2, -3])


def results_of(owner_id: int) -> QuerySet[TransformedImage]:
    """An owner's results, with the objects that their links need."""
    results = TransformedImage.objects.filter(owner_id=owner_id)
    present = results.exclude(source_image__in=_deleted(owner_id))
    return present.select_related("stored_object__thumbnail")


def tasks_of(owner_id: int) -> QuerySet[TransformationTask]:
    """An owner's tasks, with the objects that links to their results need."""
    return present_tasks(owner_id).select_related("result_image__stored_object")


def present_tasks(owner_id: int) -> QuerySet[TransformationTask]:
    """An owner's tasks, without those of images that are being deleted."""
    tasks = TransformationTask.objects.filter(owner_id=owner_id)
    return tasks.exclude(original_image__in=_deleted(owner_id))


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


def image_deletions_of(owner_id: int) -> QuerySet[Deletion]:
    """An owner's images that are deleted in the background, and those deleted so lately."""
    return Deletion.objects.filter(owner_id=owner_id, image__isnull=False)


def _deleted(owner_id: int) -> QuerySet[Deletion, Any]:
    """The ids of the owner's images that are being deleted: few, and usually none."""
    return image_deletions_of(owner_id).values("image_id")
