"""Ending a task whose every attempt died with its worker."""

from __future__ import annotations

from django.db import transaction

from image_processor.jobs import transitions
from image_processor.library import batch_ends
from image_processor.library.locks import ImageGone, share_image
from image_processor.models import TransformationTask
from outbox import events


def fail_lost_task(task: TransformationTask) -> bool:
    """IN_PROGRESS -> FAILED with its event, if it is still lost; whether it was."""
    try:
        with transaction.atomic():
            share_image(task.original_image_id, task.owner_id)
            failed = transitions.fail_lost(task)
            if failed:
                events.record("task.failed", task.owner_id, task=task.pk, code="worker_lost")
                batch_ends.settle(task.batch_id)
    except ImageGone:
        return False
    return failed
