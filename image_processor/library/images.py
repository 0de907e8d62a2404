"""Source images: created from stored objects, changed and deleted by their owners."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.locks import share_owner
from image_processor.jobs.model import UNFINISHED
from image_processor.library import batch_ends, stored_objects
from image_processor.library.accounting import quotas
from image_processor.library.deletion import requests
from image_processor.models import Deletion, SourceImage, StoredObject, TransformationTask
from image_processor.storage import file_names
from outbox import events
from utils import audit
from utils.errors import DomainError
from utils.versions import ExpectedVersion, lock_version

# The most tasks of an image that are removed within the request that deletes it.
MOST_TASKS_AT_ONCE = 200


class UnknownImage(DomainError):
    code = "unknown_image"
    status = 404
    title = "Image not found"


def create(stored: StoredObject, *, file_name: str, description: str = "") -> SourceImage:
    """Write an image of a stored object that the caller's transaction has locked or written.

    Raises `QuotaExceeded`.
    """
    image = write(
        stored.owner_id,
        stored_object=stored,
        metadata=stored.metadata,
        file_name=file_name,
        description=description,
    )
    events.record("image.uploaded", stored.owner_id, image=image.pk)
    return image


def write(owner_id: int, **fields: Any) -> SourceImage:
    """Write the row of an image and count it. Raises `QuotaExceeded`."""
    image = SourceImage.objects.create(owner_id=owner_id, **fields)
    quotas.add_stored(owner_id, image.text_bytes, images=1, within_quota=True)
    return image


def update(
    image: SourceImage, *, expected_version: ExpectedVersion | None = None, **changes: Any
) -> None:
    """Change `file_name`, `description`, `tags` or `focal_point`.

    Raises `NotFound`, `PreconditionFailed`, `InvalidFileName`, and `QuotaExceeded` if the texts
    become longer and there is no room for them, `AccountGone`.
    """
    if "file_name" in changes:
        file_names.validate(changes["file_name"])
    with transaction.atomic():
        share_owner(image.owner_id)
        locked = _lock(image, expected_version)
        if changes:
            SourceImage.objects.filter(pk=image.pk).update(**changes, updated_at=Now())
            image.refresh_from_db(fields=[*changes, "text_bytes", "updated_at"])
            growth = image.text_bytes - locked.text_bytes
            if growth:
                quotas.add_stored(image.owner_id, growth, within_quota=True)


def delete(
    image: SourceImage, *, expected_version: ExpectedVersion | None = None
) -> Deletion | None:
    """Delete an image with its tasks and results.

    With more than `MOST_TASKS_AT_ONCE` tasks, the image disappears at once, and a worker removes
    the rows; returns this deletion. Objects that nothing else refers to are removed soon
    afterwards.

    A running import of the image ends at its next step. Raises `NotFound`, `PreconditionFailed`,
    `AccountGone`.
    """
    with transaction.atomic():
        share_owner(image.owner_id)
        locked = _lock(image, expected_version)
        audit.record_on_commit("image_deleted", user_id=locked.owner_id, image=locked.pk)
        tasks = TransformationTask.objects.filter(original_image=locked).count()
        if tasks > MOST_TASKS_AT_ONCE:
            return requests.delete_image_rows(locked, tasks=tasks)
        remove(locked)
    return None


def _lock(image: SourceImage, expected_version: ExpectedVersion | None) -> SourceImage:
    """Lock an image of the expected version that is not being deleted."""
    present = SourceImage.objects.filter(pk=image.pk, deleted_at=None)
    return lock_version(present, expected_version)


def remove(image: SourceImage) -> None:
    """Remove an image that the caller's transaction has locked, with its few tasks and results."""
    tasks = TransformationTask.objects.filter(original_image=image).order_by("pk")
    found = list(tasks.select_for_update().values_list("status", "batch_id"))
    stored = set() if image.stored_object_id is None else {image.stored_object_id}
    text_bytes = image.text_bytes
    for stored_id, size in image.results.values_list("stored_object_id", "text_bytes"):
        stored.add(stored_id)
        text_bytes += size
    image.delete()
    stored_objects.release(image.owner_id, stored, images=1, text_bytes=text_bytes)
    batch_ends.settle(*{batch for status, batch in found if status in UNFINISHED})
