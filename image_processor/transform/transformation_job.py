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
    Rendered,
    content_type,
    extension,
    render,
)
from image_processor.jobs import transitions
from image_processor.jobs.connection import close_idle_connection
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
from outbox import events


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
        if _publish_stored(task, image, fingerprint):
            return
        rendered = render(
            object_storage().get(require_object(image).key),
            Facts.from_dict(image.metadata),
            Pipeline.from_canonical(task.pipeline),
            configured_limits.limits(),
            overlays=_overlays(task),
            checkpoint=lease.checkpoint,
            deadline=deadline,
        )
        assert task.lease_token is not None
        key = object_keys.result_key(fingerprint, task.lease_token, extension(rendered.format))
        stored_objects.write(key, rendered.data, content_type(rendered.format))
        fields = _stored_fields(task, rendered)
        close_idle_connection()  # rendering may have taken longer than the connection lived
        try:
            _publish_new(task, image, fingerprint, key, fields)
        except (LeaseLost, ImageGone):
            stored_objects.abandon(key)
            raise

    def lock(self, task: TransformationTask) -> None:
        share_image(task.original_image_id, task.owner_id)

    def after_ending(self, task: TransformationTask, error: Exception | None) -> None:
        if task.status == Status.FAILED:
            events.record("task.failed", task.owner_id, task=task.pk, code=task.error_code)
            batch_ends.settle(task.batch_id)

    def wakes_another(self, task: TransformationTask) -> bool:
        """Return True for a task of a batch, which may have more tasks than wake-ups were sent."""
        return task.batch_id is not None


def _source_of(task: TransformationTask) -> SourceImage:
    images = SourceImage.objects.select_related("stored_object")
    image = images.filter(pk=task.original_image_id).first()
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


def _stored_fields(task: TransformationTask, rendered: Rendered) -> dict[str, Any]:
    return {
        "owner_id": task.owner_id,
        "size_bytes": len(rendered.data),
        "content_type": content_type(rendered.format),
        "warnings": rendered.warnings,
        "metadata": {
            "format": rendered.format,
            "width": rendered.width,
            "height": rendered.height,
            "mode": rendered.mode,
            "frames": rendered.frames,
            "has_alpha": rendered.has_alpha,
            "quality": rendered.quality,
            "size_bytes": len(rendered.data),
            "sha256": hashlib.sha256(rendered.data).hexdigest(),
        },
    }


@retry_on_database_error
def _publish_stored(task: TransformationTask, image: SourceImage, fingerprint: str) -> bool:
    """Publish the result that an equal task has stored; return whether there is one."""
    with transaction.atomic():
        _lock_task(task)
        stored = stored_objects.lock(fingerprint)
        if stored is not None:
            _succeed(task, image, stored)
    return stored is not None


@retry_on_database_error
def _publish_new(
    task: TransformationTask,
    image: SourceImage,
    fingerprint: str,
    key: str,
    fields: dict[str, Any],
) -> None:
    with transaction.atomic():
        _lock_task(task)
        _succeed(task, image, stored_objects.adopt(fingerprint, key, **fields))


def _lock_task(task: TransformationTask) -> None:
    """Take the locks that come before the stored object. Raises `ImageGone`, `LeaseLost`."""
    share_image(task.original_image_id, task.owner_id)
    if not transitions.hold(task):
        raise LeaseLost


def _succeed(task: TransformationTask, image: SourceImage, stored: StoredObject) -> None:
    """Write the task's end, its result and its event, in the caller's transaction."""
    quality = results.used_quality(task, stored)
    if not transitions.finish(
        task, fingerprint=stored.fingerprint, warnings=stored.warnings, quality=quality
    ):
        raise LeaseLost
    results.create(task, stored, image)
    events.record("task.succeeded", task.owner_id, task=task.pk)
    batch_ends.settle(task.batch_id)
