"""Requests for deletions in the background. `deletion.job` carries them out."""

from __future__ import annotations

from django.db.models.functions import Now

from image_processor.jobs import fair_order, wakeups
from image_processor.jobs.queues import DELETIONS
from image_processor.models import Deletion, SourceImage


def delete_account_rows(owner_id: int) -> Deletion:
    """Let a worker remove the rows of an account that the caller's transaction has ended."""
    return _request(owner_id)


def delete_image_rows(image: SourceImage, *, tasks: int) -> Deletion:
    """Hide an image that the caller's transaction has locked, and let a worker remove it."""
    SourceImage.objects.filter(pk=image.pk).update(deleted_at=Now())
    return _request(image.owner_id, image=image, tasks=tasks)


def _request(owner_id: int, *, image: SourceImage | None = None, tasks: int = 0) -> Deletion:
    position = fair_order.place(DELETIONS.name, owner_id, 1)
    wakeups.wake_on_commit(DELETIONS.name)
    return Deletion.objects.create(
        owner_id=owner_id, image=image, tasks=tasks, queue=DELETIONS.name, position=position
    )
