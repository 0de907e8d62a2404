"""Submitting a planned task."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now

from image_processor.jobs import fair_order, wakeups
from image_processor.jobs.model import Status
from image_processor.library import results, stored_objects
from image_processor.library.accounting import quotas
from image_processor.library.locks import share_image
from image_processor.models import StoredObject, TransformationTask
from outbox import events


def submit(task: TransformationTask) -> None:
    """Write an unsaved task (see `OwnedPipeline.task`) in the caller's transaction.

    The task succeeds at once when the result of an identical request is stored. Raises `ImageGone`,
    `QuotaExceeded`.

    A transaction that has just stored the image's object locks its result's object after that,
    against the order of `library.locks`. That is safe: a new image has no result that another
    transaction could hold.
    """
    image = task.original_image
    share_image(image.pk, task.owner_id)
    stored = stored_objects.lock(task.fingerprint)
    quotas.admit_task(task.owner_id, runs=stored is None)
    if stored is None:
        task.position = fair_order.place(task.queue, task.owner_id, task.cost)
        task.save()
        wakeups.wake_on_commit(task.queue)
    else:
        finish_at_once(task, stored)
        task.save()
        task.refresh_from_db(fields=["started_at", "finished_at"])
        results.create(task, stored, image)
        events.record("task.succeeded", task.owner_id, task=task.pk)


def require_admissible(task: TransformationTask) -> None:
    """Raise `QuotaExceeded` unless the quotas would admit an unsaved task now."""
    stored = StoredObject.objects.filter(fingerprint=task.fingerprint)
    quotas.require_task(task.owner_id, runs=not stored.exists())


def finish_at_once(task: TransformationTask, stored: StoredObject) -> None:
    """Make an unsaved task a successful one whose result is stored already."""
    now: Any = Now()
    task.status, task.progress, task.available_at = Status.SUCCESS, 1, None
    task.warnings, task.started_at, task.finished_at = stored.warnings, now, now
    task.quality = results.shown_quality(task, stored.metadata.get("quality"))
