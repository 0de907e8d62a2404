"""What an owner does with a source image after its upload."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from image_processor.jobs.model import UNFINISHED
from image_processor.library import batch_ends, file_names, objects
from image_processor.models import SourceImage, TransformationTask
from utils import audit
from utils.errors import DomainError


class UnknownImage(DomainError):
    code = "unknown_image"
    status = 404
    title = "There is no such image of yours"


def update(image: SourceImage, **fields: Any) -> SourceImage:
    """Change `file_name`, `description`, `tags` or `focal_point`."""
    if "file_name" in fields:
        file_names.checked(fields["file_name"])
    SourceImage.objects.filter(pk=image.pk).update(**fields, updated_at=Now())
    image.refresh_from_db(fields=[*fields, "updated_at"])
    return image


def delete(image: SourceImage) -> None:
    """Remove an image, its tasks and its results; objects that nothing else uses go soon after.

    An import of it ends at its next step.
    """
    with transaction.atomic():
        locked = SourceImage.objects.select_for_update().filter(pk=image.pk).first()
        if locked is None:
            return
        stored = set() if locked.stored_object_id is None else {locked.stored_object_id}
        stored.update(locked.results.values_list("stored_object_id", flat=True))
        running = TransformationTask.objects.filter(original_image=locked, status__in=UNFINISHED)
        batches = set(running.values_list("batch", flat=True))
        audit.record_on_commit("image_deleted", user_id=locked.owner_id, image=locked.pk)
        locked.delete()
        objects.release(stored)
        batch_ends.settle(*batches)
