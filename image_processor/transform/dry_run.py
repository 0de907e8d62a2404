"""Dry runs: size, cost and refusals of a transformation, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from image_processor.engine import Plan
from image_processor.library.accounting import quotas, stats
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.transform import pipelines


@dataclass(frozen=True, slots=True)
class DryRun:
    """The task that `submit` would write, its plan, and the result if it is stored already.

    `seconds` is the estimated run time without waiting, or None without tasks to estimate it from.
    """

    task: TransformationTask
    plan: Plan
    quality: Any
    stored: StoredObject | None
    seconds: float | None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        size = self.stored.metadata if self.stored else self.plan.to_dict()
        return {
            "width": size["width"],
            "height": size["height"],
            "exact": self.plan.exact or self.stored is not None,
            "format": self.plan.format,
            "quality": self.quality,
            "frames": self.plan.frames,
            "cost": round(self.task.cost, 3),
            "queue": self.plan.queue,
            "estimated_seconds": self.seconds,
            "peak_bytes": self.plan.peak_bytes,
            "already_made": self.stored is not None,
            "warnings": self._warnings(),
            "steps": self.plan.describe_steps(),
        }

    def _warnings(self) -> list[dict[str, Any]]:
        if self.stored:
            return list(self.stored.warnings)
        if self.plan.exact:
            return self.plan.warnings
        detail = (
            "The size depends on what the picture shows: it is at most "
            f"{self.plan.width}x{self.plan.height}. A step that does not fit the actual size fails "
            "when the task runs."
        )
        return [*self.plan.warnings, {"code": "size_not_exact", "detail": detail}]


def dry_run(image: SourceImage, **request: Any) -> DryRun:
    """What submitting the pipeline would do with the image now.

    `request`: see `pipelines.parse`. Raises what parsing, planning and submitting would raise.
    """
    pipeline = pipelines.parse(image.owner_id, **request)
    task, planned = pipeline.planned_task(image)
    stored = StoredObject.objects.filter(fingerprint=task.fingerprint).first()
    quotas.require_task(task.owner_id, runs=stored is None)
    seconds: float | None = 0.0
    if stored is None:
        per_unit = stats.measure_seconds_per_unit(task.owner_id, task.queue)
        seconds = None if per_unit is None else round(per_unit * task.cost, 3)
    return DryRun(task, planned, pipeline.pipeline.output.quality, stored, seconds)
