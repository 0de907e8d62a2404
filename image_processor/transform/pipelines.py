"""Pipelines as requests describe them: validated, and planned for single images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from image_processor import configured_limits
from image_processor.engine import ENGINE_RELEASE, Facts, Overlay, Pipeline, Plan, plan
from image_processor.engine.writing.options import AUTO
from image_processor.jobs.model import Status
from image_processor.jobs.queues import LIGHT
from image_processor.library import object_keys, selectors
from image_processor.library.images import UnknownImage
from image_processor.library.readiness import require_ready
from image_processor.models import SourceImage, TransformationTask
from utils.errors import DomainError, Problem

# The cost of a task besides its pixels (claim, fetch, store, publish), in the engine's units.
OVERHEAD = 0.1


@dataclass(frozen=True)
class OwnedPipeline:
    """A valid pipeline of one owner, with the images that its steps lay over others.

    `options` are the format, quality, lossless, metadata and background that the request named.
    """

    owner_id: int
    pipeline: Pipeline
    options: dict[str, Any]
    digests: dict[str, str]
    overlays: Mapping[int, SourceImage]

    def task(self, image: SourceImage) -> TransformationTask:
        """The unsaved task that applies the pipeline to an image.

        Raises what `engine.plan` refuses, and `ImageNotReady`.
        """
        return self.planned_task(image)[0]

    def planned_task(self, image: SourceImage) -> tuple[TransformationTask, Plan]:
        """The unsaved task, and the plan that its cost comes from. Raises what `task` raises."""
        require_ready(image)
        source = Facts.from_dict(image.metadata)
        planned = plan(source, self.pipeline, configured_limits.limits())
        pipeline = self.pipeline.with_focal_point(source, image.focal_point)
        task = self._task(image, pipeline)
        task.format, task.warnings = planned.format, planned.warnings
        task.queue, task.cost = planned.queue, planned.cost + OVERHEAD
        return task, planned

    def refused_task(self, image: SourceImage, error: DomainError) -> TransformationTask:
        """The unsaved task of an image for which `task` raised `error`: FAILED from the start."""
        task = self._task(image, self.pipeline)
        task.format = self.pipeline.output.format or image.metadata["format"]
        task.queue, task.cost = LIGHT.name, OVERHEAD
        now: Any = Now()
        task.status, task.available_at, task.finished_at = Status.FAILED, None, now
        task.error_code, task.error_message = error.code, error.detail
        return task

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
            fingerprint=object_keys.result_fingerprint(self.owner_id, digest, canonical),
        )


def parse(owner_id: int, *, transformations: object, **options: Any) -> OwnedPipeline:
    """Validate a pipeline and find the images that its steps name.

    `options` are any of format, quality, lossless, metadata and background. The values may be
    anything that JSON can hold; the engine refuses the invalid ones. Raises `InvalidPipeline`,
    `UnknownImage`.
    """
    pipeline = Pipeline.parse(
        transformations, **options, default_quality=settings.DEFAULT_OUTPUT_QUALITY
    )
    shown = {name: value for name, value in options.items() if value is not None}
    if "format" in shown:
        shown["format"] = pipeline.output.format  # spelled as tasks show it
    overlays = _overlays(owner_id, pipeline.overlay_ids())
    facts = {pk: Overlay(Facts.from_dict(overlay.metadata)) for pk, overlay in overlays.items()}
    digests = {str(pk): overlay.metadata["sha256"] for pk, overlay in sorted(overlays.items())}
    return OwnedPipeline(owner_id, pipeline.with_overlays(facts), shown, digests, overlays)


def _overlays(owner_id: int, ids: Mapping[str, int]) -> dict[int, SourceImage]:
    """The images that steps name, by id. Raises `UnknownImage`, also for another owner's image.

    `ids` maps the JSON pointer of each mention to the id.
    """
    if not ids:
        return {}
    ready = selectors.present_images(owner_id).filter(status=SourceImage.Status.READY)
    ready = ready.select_related("stored_object__proxy")
    found = ready.in_bulk(set(ids.values()))
    unknown = [
        Problem(pointer, UnknownImage.code, f"You have no image {pk}.", actual=pk)
        for pointer, pk in ids.items()
        if pk not in found
    ]
    if unknown:
        raise UnknownImage(unknown[0].detail, errors=unknown)
    return found
