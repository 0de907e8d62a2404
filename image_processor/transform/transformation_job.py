"""The job type of transformation tasks: render, store, publish if the lease still holds."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from image_processor import configured_limits
from image_processor.engine import (
    Deadline,
    Facts,
    OverlayMissing,
    Pipeline,
    render,
)
from image_processor.jobs import transitions
from image_processor.jobs.connection import check_connection
from image_processor.jobs.database_retry import retry_on_database_error
from image_processor.jobs.job_type import JobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.jobs.queues import HEAVY, LIGHT, QUEUES
from image_processor.library import (
    batch_ends,
    object_keys,
    results,
    selectors,
    stored_objects,
)
from image_processor.library.locks import ImageGone, share_image
from image_processor.library.readiness import require_object
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.storage import object_storage
from image_processor.storage.errors import ObjectMissing
from image_processor.transform.new_results import NewResult, new_result
from outbox import events
from utils.prepared_query import PreparedQuery

_SOURCE = PreparedQuery(
    lambda pk: SourceImage.objects.select_related("stored_object").filter(pk=pk), [-1]
)


class TransformationJobType(JobType[TransformationTask]):
    """Tasks: each applies a pipeline to a source image. A task ends with an event."""

    model = TransformationTask
    queues = (LIGHT, HEAVY)
    gone = (ImageGone,)

    def run(self, task: TransformationTask, lease: Lease) -> None:
        deadline = Deadline.after(QUEUES[task.queue].deadline)
        image = _source_of(task)
        digest = image.metadata["sha256"]
        fingerprint = object_keys.result_fingerprint(task.owner_id, digest, task.pipeline)
        if stored_objects.exists(fingerprint) and _publish_stored(task, image, fingerprint):
            return
        new = new_result(
            task,
            fingerprint,
            render(
                object_storage().get(require_object(image).key),
                Facts.from_dict(image.metadata),
                Pipeline.from_canonical(task.pipeline),
                configured_limits.limits(),
                overlays=_overlays(task),
                checkpoint=lease.checkpoint,
                deadline=deadline,
            ),
        )
        check_connection()  # rendering may have taken longer than the connection lived
        try:
            stored_objects.write_all(new.objects)
            _publish_new(task, image, new)
        except (LeaseLost, ImageGone):
            stored_objects.abandon(*(each.key for each in new.objects))
            raise

    def lock(self, task: TransformationTask) -> None:
        share_image(task.original_image_id, task.owner_id)

    def after_ending(self, task: TransformationTask, error: Exception | None) -> None:
        if task.status == Status.FAILED:
            events.record("task.failed", task.owner_id, task=task.pk, code=task.error_code)
            batch_ends.settle(task.batch_id)


def _source_of(task: TransformationTask) -> SourceImage:
    image = _SOURCE.first(task.original_image_id)
    if image is None:
        raise ImageGone("The image was deleted.")
    return image


def _overlays(task: TransformationTask) -> dict[int, bytes]:
    """Return the files of the images that the steps lay over the picture, by image id.

    Raises `OverlayMissing` when one was deleted or replaced since the task was submitted.
    """
    recorded: dict[str, str] = task.pipeline.get("overlays", {})
    owned = selectors.present_images(task.owner_id).select_related("stored_object")
    images = owned.in_bulk(int(pk) for pk in recorded) if recorded else {}
    files: dict[int, bytes] = {}
    for pk, digest in recorded.items():
        image = images.get(int(pk))
        if image is None:
            raise OverlayMissing(f"Image {pk}, which a step lays over the picture, was deleted.")
        try:
            data = object_storage().get(require_object(image).key)
        except ObjectMissing as error:
            raise OverlayMissing(f"The file of image {pk} is missing from the storage.") from error
        if hashlib.sha256(data).hexdigest() != digest:
            detail = f"The file of image {pk} has changed since the task was submitted."
            raise OverlayMissing(detail)
        files[int(pk)] = data
    return files


@retry_on_database_error
def _publish_stored(task: TransformationTask, image: SourceImage, fingerprint: str) -> bool:
    """Publish the result that an equal task has stored; return whether there is one."""
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        if not transitions.hold(task):
            raise LeaseLost
        stored = stored_objects.lock(fingerprint)
        if stored is not None:
            _finish(task, stored.fingerprint, stored.warnings, stored.metadata.get("quality"))
            _record(task, image, stored)
    return stored is not None


@retry_on_database_error
def _publish_new(task: TransformationTask, image: SourceImage, new: NewResult) -> None:
    """Publish a result, or the equal one that another task has stored meanwhile."""
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        _finish(task, new.result.fingerprint, new.warnings, new.quality)
        _record(task, image, new.adopt())


def _finish(
    task: TransformationTask, fingerprint: str, warnings: list[Any], used_quality: int | None
) -> None:
    """End the task. This locks its row, before that of the stored object. Raises `LeaseLost`."""
    quality = results.shown_quality(task, used_quality)
    if not transitions.finish(task, fingerprint=fingerprint, warnings=warnings, quality=quality):
        raise LeaseLost


def _record(task: TransformationTask, image: SourceImage, stored: StoredObject) -> None:
    """Write the result of a task that has ended, and its event."""
    results.create(task, stored, image)
    events.record("task.succeeded", task.owner_id, task=task.pk)
    batch_ends.settle(task.batch_id)
