"""Batches as the API shows them, and which images a new one is for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.pipelines import PipelineSerializer
from image_processor.jobs.model import FINISHED, Status
from image_processor.models import Batch

_COUNTS = {
    "type": "object",
    "description": "How many tasks stand where; they add up to `total`.",
    "required": [status.value for status in Status],
    "properties": {status.value: {"type": "integer", "minimum": 0} for status in Status},
    "additionalProperties": False,
}


class BatchSerializer(PipelineSerializer):
    """`GET batches/<id>/`, of a batch as `selectors.batches_of` reads it."""

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
        return {status.value: batch.counts[status] for status in Status}

    def get_total(self, batch: Batch) -> int:
        return sum(batch.counts.values())

    def get_progress(self, batch: Batch) -> float:
        total = self.get_total(batch)
        return sum(batch.counts[status] for status in FINISHED) / total if total else 1.0


class RetriedSerializer(serializers.Serializer[Any]):
    """What `tasks/retry-failed/` did."""

    retried = serializers.IntegerField(read_only=True)
    more = serializers.BooleanField(
        read_only=True, help_text="Whether there are failed tasks left; ask again for those."
    )
