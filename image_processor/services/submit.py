"""Asking for a pipeline: validated, planned, written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from image_processor import conf, events
from image_processor.engine import ENGINE_RELEASE, Facts, Overlay, Pipeline, plan
from image_processor.engine.operations.parameters import AUTO
from image_processor.jobs import fair, wakeups
from image_processor.jobs.model import Status
from image_processor.models import SourceImage, TransformationTask
from image_processor.services import objects, quotas, results
from image_processor.services.locks import share_image
from utils.errors import DomainError, Problem

# What a task costs besides its pixels, in the engine's units: claim, fetch, store, publish.
OVERHEAD = 0.1


class UnknownImage(DomainError):
    code = "unknown_image"
    status = 404
    title = "There is no such image of yours"


def submit(
    image: SourceImage,
    *,
    transformations: object,
    format: Any = None,  # noqa: A002 - the field's name
    quality: Any = None,
    lossless: Any = False,
    metadata: Any = None,
    background: Any = None,
    on_created: Callable[[int], None] | None = None,
) -> TransformationTask:
    """Write a task that applies the transformations to the image.

    The values may be anything JSON can hold; the engine says what is wrong with them. The task
    is finished already when an identical request has been carried out before. `on_created(id)`
    is called in the transaction that writes it. Raises `InvalidPipeline`, `UnknownImage`,
    `QuotaExceeded` and what `engine.plan` refuses; then nothing is written.
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
    overlays = _overlays(image.owner_id, pipeline.overlays())
    facts = {pk: Overlay(Facts.from_dict(overlay.metadata)) for pk, overlay in overlays.items()}
    pipeline = pipeline.with_overlays(facts)
    source = Facts.from_dict(image.metadata)
    planned = plan(source, pipeline, conf.limits())
    pipeline = pipeline.with_focal_point(source, image.focal_point)
    digests = {str(pk): overlay.metadata["sha256"] for pk, overlay in sorted(overlays.items())}
    canonical = pipeline.canonical() | ({"overlays": digests} if digests else {})
    task = TransformationTask(
        owner_id=image.owner_id,
        original_image=image,
        transformations=pipeline.steps,
        pipeline=canonical,
        format=planned.format,
        quality=None if pipeline.output.quality == AUTO else pipeline.output.quality,
        queue=planned.queue,
        cost=planned.cost + OVERHEAD,
        engine_release=ENGINE_RELEASE,
        fingerprint=objects.result_fingerprint(image.owner_id, image.metadata["sha256"], canonical),
        warnings=planned.warnings,
    )
    with transaction.atomic():
        share_image(image.pk, image.owner_id)
        stored = objects.lock(task.fingerprint)
        quotas.admit_task(task.owner_id, runs=stored is None)
        if stored is None:
            task.position = fair.place(task.queue, task.owner_id, task.cost)
            task.save()
            wakeups.wake_on_commit(task.queue)
        else:
            moment: Any = Now()
            task.status, task.progress, task.available_at = Status.SUCCESS, 1, None
            task.warnings, task.started_at, task.finished_at = stored.warnings, moment, moment
            task.quality = results.used_quality(task, stored)
            task.save()
            results.create(task, stored, image)
            events.record("task.succeeded", task.owner_id, task=task.pk)
        if on_created:
            on_created(task.pk)
    return task


def _overlays(owner_id: int, named: Mapping[str, int]) -> dict[int, SourceImage]:
    """The images that steps name, by id. An id of somebody else's is as unknown as any other."""
    ready = SourceImage.objects.filter(owner_id=owner_id, status=SourceImage.Status.READY)
    found = ready.in_bulk(set(named.values())) if named else {}
    missing = [
        Problem(pointer, UnknownImage.code, f"You have no image {pk}.", actual=pk)
        for pointer, pk in named.items()
        if pk not in found
    ]
    if missing:
        raise UnknownImage(missing[0].detail, errors=missing)
    return found
