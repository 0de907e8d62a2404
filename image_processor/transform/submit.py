"""Asking for a pipeline: validated, planned, written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from image_processor import conf
from image_processor.engine import ENGINE_RELEASE, Facts, Overlay, Pipeline, Plan, plan
from image_processor.engine.writing.options import AUTO
from image_processor.jobs import fair, wakeups
from image_processor.jobs.model import Status
from image_processor.jobs.queues import LIGHT
from image_processor.library import objects, quotas, results
from image_processor.library.images import UnknownImage
from image_processor.library.locks import share_image
from image_processor.library.readiness import require_ready
from image_processor.models import SourceImage, StoredObject, TransformationTask
from outbox import events
from utils.errors import DomainError, Problem

# What a task costs besides its pixels, in the engine's units: claim, fetch, store, publish.
OVERHEAD = 0.1


@dataclass(frozen=True)
class Asked:
    """A valid pipeline with the images that it lays over others, ready to be planned."""

    owner_id: int
    pipeline: Pipeline
    digests: dict[str, str]
    overlays: Mapping[int, SourceImage]

    def task(self, image: SourceImage) -> TransformationTask:
        """The unsaved task that applies it to an image.

        Raises what `engine.plan` refuses, and `ImageNotReady`.
        """
        return self.planned_task(image)[0]

    def planned_task(self, image: SourceImage) -> tuple[TransformationTask, Plan]:
        """The unsaved task, and the plan that its numbers come from. Raises what `task` does."""
        require_ready(image)
        source = Facts.from_dict(image.metadata)
        planned = plan(source, self.pipeline, conf.limits())
        pipeline = self.pipeline.with_focal_point(source, image.focal_point)
        task = self._task(image, pipeline)
        task.format, task.warnings = planned.format, planned.warnings
        task.queue, task.cost = planned.queue, planned.cost + OVERHEAD
        return task, planned

    def refused_task(self, image: SourceImage, error: DomainError) -> TransformationTask:
        """The unsaved task of an image for which `task` raised this: FAILED from the start."""
        task = self._task(image, self.pipeline)
        task.format = self.pipeline.output.format or image.metadata["format"]
        task.queue, task.cost = LIGHT.name, OVERHEAD
        moment: Any = Now()
        task.status, task.available_at, task.finished_at = Status.FAILED, None, moment
        task.error_code, task.error_message = error.code, error.detail
        return task

    def options(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What the request said besides its steps, for display; the format as tasks show it."""
        given = {name: value for name, value in request.items() if name != "transformations"}
        if given.get("format") is not None:
            given["format"] = self.pipeline.output.format
        return {name: value for name, value in given.items() if value is not None}

    def _task(self, image: SourceImage, pipeline: Pipeline) -> TransformationTask:
        canonical = pipeline.canonical() | ({"overlays": self.digests} if self.digests else {})
        quality = pipeline.output.quality
        digest = image.metadata["sha256"]
        return TransformationTask(
            owner_id=self.owner_id,
            original_image=image,
            transformations=pipeline.steps,
            pipeline=canonical,
            quality=None if quality == AUTO else quality,
            engine_release=ENGINE_RELEASE,
            fingerprint=objects.result_fingerprint(self.owner_id, digest, canonical),
        )


def asked(
    owner_id: int,
    *,
    transformations: object,
    format: Any = None,  # noqa: A002 - the field's name
    quality: Any = None,
    lossless: Any = False,
    metadata: Any = None,
    background: Any = None,
) -> Asked:
    """What a request asks for, whatever image it is for.

    The values may be anything JSON can hold; the engine says what is wrong with them. Raises
    `InvalidPipeline`, `UnknownImage`.
    """
    pipeline = Pipeline.parse(
        transformations,
        format=format,
        quality=quality,
        lossless=lossless,
        metadata=metadata,
        background=background,
        default_quality=settings.DEFAULT_OUTPUT_QUALITY,
    )
    overlays = _overlays(owner_id, pipeline.overlay_ids())
    facts = {pk: Overlay(Facts.from_dict(overlay.metadata)) for pk, overlay in overlays.items()}
    digests = {str(pk): overlay.metadata["sha256"] for pk, overlay in sorted(overlays.items())}
    return Asked(owner_id, pipeline.with_overlays(facts), digests, overlays)


def submit(
    image: SourceImage, *, on_created: Callable[[int], None] | None = None, **request: Any
) -> TransformationTask:
    """Write a task that applies what `request` says (see `asked`) to the image.

    The task is finished already when an identical request has been carried out before.
    `on_created(id)` is called in the transaction that writes it. Raises `InvalidPipeline`,
    `UnknownImage`, `ImageNotReady`, `QuotaExceeded` and what `engine.plan` refuses; then nothing
    is written.
    """
    return write(asked(image.owner_id, **request), image, on_created=on_created)


def write(
    wanted: Asked, image: SourceImage, *, on_created: Callable[[int], None] | None = None
) -> TransformationTask:
    """`submit` for what has been validated already."""
    task = wanted.task(image)
    with transaction.atomic():
        share_image(image.pk, image.owner_id)
        stored = objects.lock(task.fingerprint)
        quotas.admit_task(task.owner_id, runs=stored is None)
        if stored is None:
            task.position = fair.place(task.queue, task.owner_id, task.cost)
            task.save()
            wakeups.wake_on_commit(task.queue)
        else:
            finish_at_once(task, stored)
            task.save()
            results.create(task, stored, image)
            events.record("task.succeeded", task.owner_id, task=task.pk)
        if on_created:
            on_created(task.pk)
    return task


def finish_at_once(task: TransformationTask, stored: StoredObject) -> None:
    """Make an unsaved task one that has succeeded: its result was stored before."""
    moment: Any = Now()
    task.status, task.progress, task.available_at = Status.SUCCESS, 1, None
    task.warnings, task.started_at, task.finished_at = stored.warnings, moment, moment
    task.quality = results.used_quality(task, stored)


def _overlays(owner_id: int, named: Mapping[str, int]) -> dict[int, SourceImage]:
    """The images that steps name, by id. An id of somebody else's is as unknown as any other."""
    ready = SourceImage.objects.filter(owner_id=owner_id, status=SourceImage.Status.READY)
    ready = ready.select_related("stored_object__proxy")
    found = ready.in_bulk(set(named.values())) if named else {}
    missing = [
        Problem(pointer, UnknownImage.code, f"You have no image {pk}.", actual=pk)
        for pointer, pk in named.items()
        if pk not in found
    ]
    if missing:
        raise UnknownImage(missing[0].detail, errors=missing)
    return found
