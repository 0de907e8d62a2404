"""Batches: one pipeline for many images, planned for each and written down in few queries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from image_processor.jobs import fair, wakeups
from image_processor.jobs.model import Status
from image_processor.library import batch_ends, objects, quotas, results
from image_processor.library.images import UnknownImage
from image_processor.library.locks import share_images
from image_processor.library.readiness import ImageNotReady, not_ready
from image_processor.models import Batch, SourceImage, TransformationTask, TransformedImage
from image_processor.transform.submit import Asked, asked, finish_at_once
from outbox import events
from utils.errors import DomainError, Problem

MAX_IMAGES = 1000
# Rows of one INSERT.
_ROWS = 500
# Refused ids that an answer names.
_NAMED = 50


class TooManyImages(DomainError):
    code = "too_many_images"
    status = 422
    title = "A batch has fewer images"


class NoImages(DomainError):
    code = "no_images"
    status = 422
    title = "A batch has at least one image"


def create(
    owner_id: int,
    image_ids: Sequence[int],
    *,
    on_created: Callable[[int], None] | None = None,
    **request: Any,
) -> Batch:
    """Write a task for each of the images (all different), which applies what `request` says.

    An image that `engine.plan` refuses has a task that is FAILED from the start, so that all
    add up. `on_created(id)` is called in the transaction that writes them. Raises what
    `submit.asked` raises, `NoImages`, `TooManyImages`, `UnknownImage`, `ImageNotReady`,
    `QuotaExceeded`; then nothing is written. The number of queries does not grow with that of
    the images, but for one INSERT per `_ROWS`.
    """
    if not image_ids:
        raise NoImages("A batch needs at least one image; there is none.", limit=1, actual=0)
    require_few(len(image_ids))
    wanted = asked(owner_id, **request)
    images = _images(owner_id, image_ids)
    rows = [_task(wanted, image) for image in images]
    with transaction.atomic():
        _require_known(image_ids, share_images(image_ids, owner_id))
        stored = objects.lock_all(task.fingerprint for task in rows if not task.error_code)
        done = [task for task in rows if not task.error_code and task.fingerprint in stored]
        for task in done:
            finish_at_once(task, stored[task.fingerprint])
        pending = [task for task in rows if task.status == Status.PENDING]
        quotas.admit_tasks(owner_id, len(rows), running=len(pending))
        fair.place_all(pending)
        batch = Batch.objects.create(
            owner_id=owner_id,
            transformations=wanted.pipeline.steps,
            options=wanted.options(request),
        )
        for task in rows:
            task.batch = batch
        TransformationTask.objects.bulk_create(rows, batch_size=_ROWS)
        TransformedImage.objects.bulk_create(
            [results.of(task, stored[task.fingerprint], task.original_image) for task in done],
            batch_size=_ROWS,
        )
        events.record_all("task.succeeded", owner_id, [{"task": task.pk} for task in done])
        failed = [task for task in rows if task.error_code]
        events.record_all(
            "task.failed", owner_id, [{"task": task.pk, "code": task.error_code} for task in failed]
        )
        batch_ends.settle(batch.pk)
        wakeups.wake_many_on_commit({task.queue for task in pending})
        if on_created:
            on_created(batch.pk)
    return batch


def delete(batch: Batch, *, check: Callable[[Batch], None]) -> bool:
    """Take the grouping away, whether it was there; its tasks and results stay, what runs runs on.

    `check` may refuse, by raising, the version of it that is about to go.
    """
    with transaction.atomic():
        # The task shows its batch: without it, it is another version of itself.
        TransformationTask.objects.filter(batch=batch).update(batch=None, updated_at=Now())
        locked = Batch.objects.select_for_update().filter(pk=batch.pk).first()
        if locked is None:
            return False
        check(locked)
        locked.delete()
    return True


def require_few(count: int, *, at_least: bool = False) -> None:
    """Raise `TooManyImages` for more than `MAX_IMAGES`; `at_least`: nobody counted any further."""
    if count > MAX_IMAGES:
        least = "at least " if at_least else ""
        raise TooManyImages(
            f"These are {least}{count} images; a batch may have {MAX_IMAGES}.",
            limit=MAX_IMAGES,
            actual=count,
        )


def _task(wanted: Asked, image: SourceImage) -> TransformationTask:
    try:
        return wanted.task(image)
    except DomainError as error:
        return wanted.refused_task(image, error)


def _images(owner_id: int, image_ids: Sequence[int]) -> list[SourceImage]:
    found = SourceImage.objects.filter(owner_id=owner_id).in_bulk(image_ids)
    _require_known(image_ids, found.keys())
    waiting = [
        Problem(f"/image_ids/{index}", ImageNotReady.code, not_ready(found[pk]))
        for index, pk in enumerate(image_ids)
        if found[pk].status != SourceImage.Status.READY
    ]
    if waiting:
        raise ImageNotReady(waiting[0].detail, errors=waiting[:_NAMED])
    return [found[pk] for pk in image_ids]


def _require_known(image_ids: Sequence[int], known: Collection[int]) -> None:
    """Somebody else's image is as unknown as one that never was."""
    unknown = [
        Problem(f"/image_ids/{index}", UnknownImage.code, f"You have no image {pk}.", actual=pk)
        for index, pk in enumerate(image_ids)
        if pk not in known
    ]
    if unknown:
        count = f" ({len(unknown)} unknown ids in all)" if len(unknown) > 1 else ""
        raise UnknownImage(unknown[0].detail + count, errors=unknown[:_NAMED])
