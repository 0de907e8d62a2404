"""Source images: created from stored objects, changed and deleted by their owners."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from image_processor.jobs.model import UNFINISHED
from image_processor.library import batch_ends, stored_objects
from image_processor.library.accounting import quotas
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.storage import file_names
from outbox import events
from utils import audit
from utils.errors import DomainError
from utils.versions import ExpectedVersion, lock_version


class UnknownImage(DomainError):
    code = "unknown_image"
    status = 404
    title = "Image not found"


def create(stored: StoredObject, *, file_name: str, description: str = "") -> SourceImage:
    """Write an image of a stored object that the caller's transaction has locked or written.

    Raises `QuotaExceeded`.
    """
    quotas.admit_image(stored.owner_id)
    image = SourceImage.objects.create(
        owner_id=stored.owner_id,
        stored_object=stored,
        metadata=stored.metadata,
        file_name=file_name,
        description=description,
    )
    events.record("image.uploaded", stored.owner_id, image=image.pk)
    return image


def update(
    image: SourceImage, *, expected_version: ExpectedVersion | None = None, **changes: Any
) -> None:
    """Change `file_name`, `description`, `tags` or `focal_point`.

    Raises `NotFound`, `PreconditionFailed`, `InvalidFileName`.
    """
    if "file_name" in changes:
        file_names.validate(changes["file_name"])
    with transaction.atomic():
        lock_version(SourceImage.objects.filter(pk=image.pk), expected_version)
        if changes:
            SourceImage.objects.filter(pk=image.pk).update(**changes, updated_at=Now())
            image.refresh_from_db(fields=[*changes, "updated_at"])


def delete(image: SourceImage, *, expected_version: ExpectedVersion | None = None) -> None:
    """Delete an image with its tasks and results.

    Objects that nothing else refers to are removed soon afterwards.

    A running import of the image ends at its next step. Raises `NotFound`, `PreconditionFailed`.
    """
    with transaction.atomic():
        locked = lock_version(SourceImage.objects.filter(pk=image.pk), expected_version)
        stored = set() if locked.stored_object_id is None else {locked.stored_object_id}
        stored.update(locked.results.values_list("stored_object_id", flat=True))
        running = TransformationTask.objects.filter(original_image=locked, status__in=UNFINISHED)
        batches = set(running.values_list("batch", flat=True))
        audit.record_on_commit("image_deleted", user_id=locked.owner_id, image=locked.pk)
        locked.delete()
        stored_objects.release(stored)
        batch_ends.settle(*batches)
