"""Batches as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.pipelines import PipelineSerializer
from image_processor.jobs.model import FINISHED, Status
from image_processor.models import Batch

_COUNTS = {
    "type": "object",
    "description": "The number of tasks in each status; they add up to `total`.",
    "required": [status.value for status in Status],
    "properties": {status.value: {"type": "integer", "minimum": 0} for status in Status},
    "additionalProperties": False,
}


class BatchSerializer(PipelineSerializer):
    """Tasks that one request submitted for many images."""

    counts = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField(
        help_text="The number of tasks, without deleted ones."
    )
    progress = serializers.SerializerMethodField(
        help_text="The fraction of the tasks that have ended, 0..1."
    )
    runs = serializers.IntegerField(
        read_only=True,
        help_text="How many times all tasks have ended. A retry starts another run.",
    )
    finished_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the last task ended; null until then."
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
    """How many tasks were retried."""

    retried = serializers.IntegerField(read_only=True)
    more = serializers.BooleanField(
        read_only=True,
        help_text="Whether failed tasks are left. Send the request again to retry them.",
    )
