"""The plan of a transformation as the API shows it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.pipelines import QUALITY
from api.serializers.tasks import WarningsField
from image_processor.jobs.queues import QUEUES


class PlanSerializer(serializers.Serializer):
    """`POST images/<id>/transform/plan/`."""

    width = serializers.IntegerField(help_text="Of the result, in pixels.")
    height = serializers.IntegerField()
    exact = serializers.BooleanField(
        help_text="False where the size depends on what the picture shows: then it is at most "
        "that, and cost and memory are those of the largest."
    )
    format = serializers.CharField()
    quality = serializers.SerializerMethodField()
    frames = serializers.IntegerField()
    cost = serializers.FloatField(
        help_text="In units: 1 is about the work of scaling a photograph of 12 megapixels down."
    )
    queue = serializers.ChoiceField(choices=list(QUEUES))
    estimated_seconds = serializers.FloatField(
        allow_null=True,
        help_text="Of work, without waiting for a worker: the cost times the seconds that a unit "
        "took your newest tasks of the queue. Null while you have too few.",
    )
    peak_bytes = serializers.IntegerField(help_text="Estimated memory at the peak.")
    already_made = serializers.BooleanField(
        help_text="Whether the result is stored: its task would have succeeded at once."
    )
    warnings = WarningsField()
    steps = serializers.ListField(
        child=serializers.CharField(), help_text="What would be done, in that order, in words."
    )

    @extend_schema_field(QUALITY)
    def get_quality(self, plan: dict[str, Any]) -> Any:
        return plan["quality"]
