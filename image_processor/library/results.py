"""Results: the images that successful tasks produce."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from image_processor.library import stored_objects
from image_processor.library.accounting import quotas
from image_processor.library.locks import share_image
from image_processor.library.result_names import choose_names
from image_processor.models import SourceImage, StoredObject, TransformationTask, TransformedImage
from utils import audit
from utils.versions import ExpectedVersion, lock_version

_ROWS = 500  # per INSERT


def create(task: TransformationTask, stored: StoredObject, image: SourceImage) -> TransformedImage:
    """Write the task's result in the transaction that ends the task and has locked `stored`."""
    (result,) = create_all([(task, stored, image)])
    return result


def create_all(
    ended: Sequence[tuple[TransformationTask, StoredObject, SourceImage]],
) -> list[TransformedImage]:
    """Write the results of several tasks of one owner, in their transaction.

    At most four queries for 500 results. Their descriptions are counted first, because the locks
    of names come after that of the owner's usage.
    """
    results = [_result_of(*each) for each in ended]
    text_bytes = sum(len(result.description.encode()) for result in results)
    if text_bytes:
        quotas.add_stored(results[0].owner_id, text_bytes)
    choose_names(results)
    return TransformedImage.objects.bulk_create(results, batch_size=_ROWS)


def _result_of(
    task: TransformationTask, stored: StoredObject, image: SourceImage
) -> TransformedImage:
    return TransformedImage(
        owner_id=task.owner_id,
        source_image=image,
        transformation_task=task,
        stored_object=stored,
        description=image.description,
        metadata=stored.metadata,
    )


def shown_quality(task: TransformationTask, used: int | None) -> int | None:
    """The quality that a finished task shows: the used one, or that of the request if unused.

    The used one differs if it was found for `auto` or for `max_bytes`.
    """
    return task.quality if used is None else used


def delete(result: TransformedImage, *, expected_version: ExpectedVersion | None = None) -> None:
    """Delete a result; its task stays as a record of what was done.

    Raises `NotFound`, `ImageGone`, `PreconditionFailed`.
    """
    with transaction.atomic():
        share_image(result.source_image_id, result.owner_id)
        # Lock the task first, as the deletion of a task does, so that the two cannot deadlock.
        task = TransformationTask.objects.filter(pk=result.transformation_task_id)
        task.select_for_update().first()
        locked = lock_version(TransformedImage.objects.filter(pk=result.pk), expected_version)
        locked.delete()
        audit.record_on_commit("result_deleted", user_id=result.owner_id, result=result.pk)
        stored_objects.release(
            result.owner_id, [locked.stored_object_id], text_bytes=locked.text_bytes
        )
        # A task shows its result, so removing the result makes a new version of the task.
        task.update(updated_at=Now())
