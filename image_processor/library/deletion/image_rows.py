"""Removal of an image with many tasks, a chunk of tasks in each transaction."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F

from accounts.locks import share_owner
from image_processor.jobs import transitions
from image_processor.jobs.lease import LeaseLost
from image_processor.library import batch_ends, images, stored_objects
from image_processor.models import Deletion, SourceImage, TransformationTask, TransformedImage

CHUNK = 500


def remove(deletion: Deletion) -> Iterator[int]:
    """Remove the tasks and results of a hidden image, then the image; yield after each transaction.

    Raises `AccountGone`, since the deletion of the account removes the rest, and `LeaseLost`.
    """
    while removed := _remove_tasks(deletion):
        yield removed
    images_left = SourceImage.objects.filter(deletion=deletion)
    with transaction.atomic():
        share_owner(deletion.owner_id)
        image = images_left.select_for_update(of=("self",)).first()
        if image is not None:
            images.remove(image)
        if not transitions.finish(deletion):
            raise LeaseLost


def _remove_tasks(deletion: Deletion) -> int:
    """Remove the newest tasks, of which unfinished ones are the most likely."""
    # The owner leads to the index `task_image`, which has the tasks in this order.
    tasks = TransformationTask.objects.filter(
        owner_id=deletion.owner_id, original_image_id=deletion.image_id
    )
    with transaction.atomic():
        share_owner(deletion.owner_id)
        newest = tasks.order_by("-created_at", "-pk").values("pk")[:CHUNK]
        rows = tasks.filter(pk__in=newest).order_by("pk").select_for_update()
        found = dict(rows.values_list("pk", "batch_id"))
        results = TransformedImage.objects.filter(transformation_task__in=found)
        stored = list(results.values_list("stored_object_id", "text_bytes"))
        TransformationTask.objects.filter(pk__in=found).delete()
        stored_objects.release(
            deletion.owner_id,
            [stored_id for stored_id, _ in stored],
            text_bytes=sum(size for _, size in stored),
        )
        Deletion.objects.filter(pk=deletion.pk).update(
            tasks_removed=F("tasks_removed") + len(found)
        )
        batch_ends.settle(*found.values())
    return len(found)
