"""Running a claimed task: render, store, publish, if the lease still holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import structlog
from django.db import transaction

from image_processor import conf
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
from image_processor.jobs.attempts import Transition, attempt, persist
from image_processor.jobs.connections import let_go
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.library import batch_ends, objects, results
from image_processor.library.locks import ImageGone, share_image
from image_processor.library.readiness import object_of
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.storage import object_storage
from image_processor.storage.errors import ObjectMissing
from outbox import events

log = structlog.get_logger(__name__)


def run(task: TransformationTask) -> None:
    """Carry out a task that the caller has just claimed. Its end is in the row, whatever it is."""
    attempt(
        task,
        lambda lease, deadline: _carry_out(task, lease, deadline),
        lambda transition, code, message: _end(task, transition, code, message),
        gone=(ImageGone,),
    )


def _carry_out(task: TransformationTask, lease: Lease, deadline: Deadline) -> None:
    image = (
        SourceImage.objects.select_related("stored_object")
        .filter(pk=task.original_image_id)
        .first()
    )
    if image is None:
        raise ImageGone("The image was deleted.")
    fingerprint = objects.result_fingerprint(task.owner_id, image.metadata["sha256"], task.pipeline)
    if persist(lambda: _publish(task, image, fingerprint, lambda: objects.lock(fingerprint))):
        return
    rendered = render(
        object_storage().get(object_of(image).key),
        Facts.from_dict(image.metadata),
        Pipeline.from_canonical(task.pipeline),
        conf.limits(),
        overlays=_overlays(task),
        checkpoint=lease.checkpoint,
        deadline=deadline,
    )
    assert task.lease_token is not None
    key = objects.result_key(fingerprint, task.lease_token, extension(rendered.format))
    objects.write(key, rendered.data, content_type(rendered.format))
    fields = _stored_fields(task, rendered)
    let_go()  # rendering may have taken longer than the connection lived
    try:
        persist(
            lambda: _publish(
                task, image, fingerprint, lambda: objects.adopt(fingerprint, key, **fields)
            )
        )
    except (LeaseLost, ImageGone):
        objects.abandon(key)
        raise


def _overlays(task: TransformationTask) -> dict[int, bytes]:
    """The files of the images that the steps lay over the picture, as they were when submitted.

    Raises `OverlayMissing` when one has been deleted since, or is no longer what it was.
    """
    recorded: dict[str, str] = task.pipeline.get("overlays", {})
    owned = SourceImage.objects.filter(owner_id=task.owner_id).select_related("stored_object")
    images = owned.in_bulk(int(pk) for pk in recorded) if recorded else {}
    files: dict[int, bytes] = {}
    for pk, digest in recorded.items():
        image = images.get(int(pk))
        if image is None:
            raise OverlayMissing(f"Image {pk}, which a step lays over the picture, was deleted.")
        try:
            data = object_storage().get(object_of(image).key)
        except ObjectMissing as error:
            raise OverlayMissing(f"The file of image {pk} is gone from the storage.") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise OverlayMissing(f"The file of image {pk} is not the one that was asked for.")
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


def _publish(
    task: TransformationTask,
    image: SourceImage,
    fingerprint: str,
    take: Callable[[], StoredObject | None],
) -> bool:
    """Result, task and event in one transaction; False when `take` finds no object."""
    with transaction.atomic():
        share_image(image.pk, task.owner_id)
        stored = take()
        if stored is None:
            return False
        quality = results.used_quality(task, stored)
        if not transitions.finish(
            task, fingerprint=fingerprint, warnings=stored.warnings, quality=quality
        ):
            raise LeaseLost
        results.create(task, stored, image)
        events.record("task.succeeded", task.owner_id, task=task.pk)
        batch_ends.settle(task.batch_id)
    return True


def _end(task: TransformationTask, transition: Transition, code: str, message: str) -> None:
    """Carry out a transition, and tell of it when the task has failed by it."""

    def write() -> bool:
        with transaction.atomic():
            share_image(task.original_image_id, task.owner_id)
            if transition(task, code, message):
                task.refresh_from_db(fields=["status"])
                if task.status == Status.FAILED:
                    events.record("task.failed", task.owner_id, task=task.pk, code=code)
                    batch_ends.settle(task.batch_id)
        return True

    try:
        persist(write)
    except ImageGone:
        log.info("job_given_up", kind=task._meta.model_name, job=task.pk, attempt=task.attempts)
