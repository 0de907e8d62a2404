"""Results: what a successful task leaves."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models.functions import Now

from image_processor.engine import extension
from image_processor.library import file_names, objects
from image_processor.library.locks import share_image
from image_processor.models import SourceImage, StoredObject, TransformationTask, TransformedImage
from utils import audit


def create(task: TransformationTask, stored: StoredObject, image: SourceImage) -> TransformedImage:
    """The task's result. Belongs into the transaction that ends the task, `stored` locked."""
    result = of(task, stored, image)
    result.save(force_insert=True)
    return result


def of(task: TransformationTask, stored: StoredObject, image: SourceImage) -> TransformedImage:
    """The unsaved result of a task."""
    return TransformedImage(
        owner_id=task.owner_id,
        source_image=image,
        transformation_task=task,
        stored_object=stored,
        file_name=file_names.of_result(image.file_name, extension(stored.metadata["format"])),
        description=image.description,
        metadata=stored.metadata,
    )


def used_quality(task: TransformationTask, stored: StoredObject) -> int | None:
    """The quality that a finished task shows: the one asked for; where that was `auto` (and so
    none until now), the one that was found."""
    return stored.metadata.get("quality") if task.quality is None else task.quality


def delete(
    result: TransformedImage, *, check: Callable[[TransformedImage], None] | None = None
) -> bool:
    """Remove a result; its task stays as a record of what was done. Whether it was there.

    `check` may refuse, by raising, the version of it that is about to go.
    """
    with transaction.atomic():
        share_image(result.source_image_id, result.owner_id)
        # The task first, as who deletes that does, so that neither waits for the other.
        task = TransformationTask.objects.filter(pk=result.transformation_task_id)
        task.select_for_update().first()
        locked = TransformedImage.objects.select_for_update().filter(pk=result.pk).first()
        if locked is None:
            return False
        if check:
            check(locked)
        locked.delete()
        audit.record_on_commit("result_deleted", user_id=result.owner_id, result=result.pk)
        objects.release([locked.stored_object_id])
        # The task shows its result: without it, it is another version of itself.
        task.update(updated_at=Now())
    return True
