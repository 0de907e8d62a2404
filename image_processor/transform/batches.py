"""Batches: one pipeline for many images, planned for each and written in few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models.functions import Now

from image_processor.jobs import fair_order, wakeups
from image_processor.jobs.model import Status
from image_processor.library import batch_ends, results, selectors, stored_objects
from image_processor.library.accounting import quotas
from image_processor.library.images import UnknownImage
from image_processor.library.locks import share_images
from image_processor.library.readiness import ImageNotReady, explain_not_ready
from image_processor.models import Batch, SourceImage, TransformationTask
from image_processor.transform.pipelines import OwnedPipeline
from image_processor.transform.submit import finish_at_once
from outbox import events
from utils.errors import DomainError, Problem
from utils.versions import ExpectedVersion, lock_version

MAX_IMAGES = 1000
# Rows per INSERT.
_ROWS = 500
# How many refused ids an answer names at most.
_NAMED = 50


class TooManyImages(DomainError):
    code = "too_many_images"
    status = 422
    title = "Too many images in the batch"


class NoImages(DomainError):
    code = "no_images"
    status = 422
    title = "No images in the batch"


def plan(pipeline: OwnedPipeline, image_ids: Sequence[int]) -> list[TransformationTask]:
    """Return unsaved tasks that apply the pipeline to each image; no id may occur twice.

    An image that `engine.plan` refuses has a task that is FAILED from the start, so that the counts
    add up. Raises `NoImages`, `TooManyImages`, `UnknownImage`, `ImageNotReady`.
    """
    if not image_ids:
        raise NoImages("A batch needs at least one image; there is none.", limit=1, actual=0)
    require_few(len(image_ids))
    return [_task(pipeline, image) for image in _images(pipeline.owner_id, image_ids)]


def create(pipeline: OwnedPipeline, tasks: Sequence[TransformationTask]) -> Batch:
    """Write a batch of planned tasks, in the caller's transaction; return it with its `counts`.

    Tasks whose results are stored already succeed at once. Raises `UnknownImage`,
    `QuotaExceeded`. The number of queries does not depend on the number of tasks, except for one
    INSERT per `_ROWS` tasks.
    """
    owner_id = pipeline.owner_id
    image_ids = [task.original_image_id for task in tasks]
    _require_known(image_ids, share_images(image_ids, owner_id))
    failed = [task for task in tasks if task.error_code]
    stored = stored_objects.lock_all(task.fingerprint for task in tasks if not task.error_code)
    done = [task for task in tasks if not task.error_code and task.fingerprint in stored]
    for task in done:
        finish_at_once(task, stored[task.fingerprint])
    pending = [task for task in tasks if task.status == Status.PENDING]
    quotas.admit_tasks(owner_id, len(tasks), running=len(pending))
    fair_order.place_all(pending)
    batch = Batch.objects.create(
        owner_id=owner_id,
        transformations=pipeline.pipeline.steps,
        options=pipeline.options,
    )
    for task in tasks:
        task.batch = batch
    TransformationTask.objects.bulk_create(tasks, batch_size=_ROWS)
    results.create_all([(task, stored[task.fingerprint], task.original_image) for task in done])
    events.record_all("task.succeeded", owner_id, [{"task": task.pk} for task in done])
    events.record_all(
        "task.failed", owner_id, [{"task": task.pk, "code": task.error_code} for task in failed]
    )
    wakeups.wake_many_on_commit({task.queue for task in pending})
    counts = Counter(task.status for task in tasks)
    batch.counts = {status.value: counts[status] for status in Status}
    if not pending:
        batch_ends.settle(batch.pk)
        batch.refresh_from_db(fields=["finished_at", "updated_at", "runs"])
    return batch


def delete(batch: Batch, expected_version: ExpectedVersion | None = None) -> None:
    """Delete a batch. Its tasks and results stay, and its unfinished tasks go on.

    Raises `NotFound`, `PreconditionFailed`.
    """
    with transaction.atomic():
        # A task shows its batch, so deleting the batch makes new versions of its tasks.
        tasks = TransformationTask.objects.filter(batch=batch)
        list(tasks.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        tasks.update(batch=None, updated_at=Now())
        lock_version(Batch.objects.filter(pk=batch.pk), expected_version).delete()


def require_few(count: int, *, at_least: bool = False) -> None:
    """Raise `TooManyImages` for more than `MAX_IMAGES` images.

    `at_least` means that counting stopped at `count`; there may be more.
    """
    if count > MAX_IMAGES:
        least = "at least " if at_least else ""
        raise TooManyImages(
            f"The batch would have {least}{count} images; at most {MAX_IMAGES} are allowed.",
            limit=MAX_IMAGES,
            actual=count,
        )


def _task(pipeline: OwnedPipeline, image: SourceImage) -> TransformationTask:
    try:
        return pipeline.task(image)
    except DomainError as error:
        return pipeline.refused_task(image, error)


def _images(owner_id: int, image_ids: Sequence[int]) -> list[SourceImage]:
    found = selectors.present_images(owner_id).in_bulk(image_ids)
    _require_known(image_ids, found.keys())
    problems = [
        Problem(f"/image_ids/{index}", ImageNotReady.code, explain_not_ready(found[pk]))
        for index, pk in enumerate(image_ids)
        if found[pk].status != SourceImage.Status.READY
    ]
    if problems:
        raise ImageNotReady(problems[0].detail, errors=problems[:_NAMED])
    return [found[pk] for pk in image_ids]


def _require_known(image_ids: Sequence[int], known: Collection[int]) -> None:
    """Raise `UnknownImage` unless all ids are known; another owner's images are unknown, too."""
    unknown = [
        Problem(f"/image_ids/{index}", UnknownImage.code, f"You have no image {pk}.", actual=pk)
        for index, pk in enumerate(image_ids)
        if pk not in known
    ]
    if unknown:
        count = f" ({len(unknown)} unknown ids in all)" if len(unknown) > 1 else ""
        raise UnknownImage(unknown[0].detail + count, errors=unknown[:_NAMED])
