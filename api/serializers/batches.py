"""Batches as the API shows them, and which images a new one is for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.pipelines import PipelineSerializer
from image_processor.jobs.model import FINISHED, Status
from image_processor.models import Batch
from image_processor.services import batch_ends

_COUNTS = {
    "type": "object",
    "description": "How many tasks stand where; they add up to `total`.",
    "required": [status.value for status in Status],
    "properties": {status.value: {"type": "integer", "minimum": 0} for status in Status},
    "additionalProperties": False,
}


class BatchSerializer(PipelineSerializer):
    """`GET batches/<id>/`; the context has the `counts` of all batches that are shown."""

    counts = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField(
        help_text="How many tasks there are; those that were deleted no longer count."
    )
    progress = serializers.SerializerMethodField(help_text="Share of the tasks that ended, 0..1.")
    runs = serializers.IntegerField(
        read_only=True, help_text="How often all had ended; a retry starts another run."
    )
    finished_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the last of them ended; null until then."
    )

    class Meta:
        model = Batch
        fields = [
            "id",
            *PipelineSerializer.pipeline_fields,
            "total",
            "counts",
            "progress",
            "runs",
            "finished_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(_COUNTS)
    def get_counts(self, batch: Batch) -> dict[str, int]:
        return {str(status): count for status, count in self._counts(batch).items()}

    def get_total(self, batch: Batch) -> int:
        return sum(self._counts(batch).values())

    def get_progress(self, batch: Batch) -> float:
        counts = self._counts(batch)
        total = sum(counts.values())
        return sum(counts[status] for status in FINISHED) / total if total else 1.0

    def _counts(self, batch: Batch) -> batch_ends.Counts:
        counts: dict[int, batch_ends.Counts] = self.context["counts"]
        return counts[batch.pk]


class RetriedSerializer(serializers.Serializer[Any]):
    """What `tasks/retry-failed/` did."""

    retried = serializers.IntegerField(read_only=True)
    more = serializers.BooleanField(
        read_only=True, help_text="Whether there are failed tasks left; ask again for those."
    )
