"""Reads, always within what one owner has; each is one query."""

from __future__ import annotations

from django.db.models import QuerySet

from image_processor.models import SourceImage, TransformationTask, TransformedImage


def images_of(owner_id: int) -> QuerySet[SourceImage]:
    """An owner's source images with what a link to them needs."""
    return SourceImage.objects.filter(owner_id=owner_id).select_related("stored_object")


def duplicate_of(image: SourceImage) -> int | None:
    """The id of the owner's first image with the same bytes, if that is an earlier one."""
    earlier = SourceImage.objects.filter(stored_object=image.stored_object_id, pk__lt=image.pk)
    return earlier.order_by("pk").values_list("pk", flat=True).first()


def results_of(owner_id: int) -> QuerySet[TransformedImage]:
    """An owner's results with what a link to them needs."""
    return TransformedImage.objects.filter(owner_id=owner_id).select_related("stored_object")


def tasks_of(owner_id: int) -> QuerySet[TransformationTask]:
    """An owner's tasks with what a link to their results needs."""
    return TransformationTask.objects.filter(owner_id=owner_id).select_related(
        "result_image__stored_object"
    )
