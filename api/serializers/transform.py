"""The plan of a transformation as the API shows it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.pipelines import QUALITY
from api.serializers.tasks import WarningsField
from image_processor.jobs.queues import HEAVY, LIGHT


class PlanSerializer(serializers.Serializer):
    """What a transformation would produce, and what it would cost."""

    width = serializers.IntegerField(help_text="Of the result, in pixels.")
    height = serializers.IntegerField()
    exact = serializers.BooleanField(
        help_text="False if the size depends on the content of the image. Then width and height "
        "are upper bounds, and cost and memory are those of the largest result."
    )
    format = serializers.CharField()
    quality = serializers.SerializerMethodField()
    frames = serializers.IntegerField()
    cost = serializers.FloatField(
        help_text="Work in units; 1 is about the work of shrinking a photograph of 12 megapixels."
    )
    queue = serializers.ChoiceField(choices=[LIGHT.name, HEAVY.name])
    estimated_seconds = serializers.FloatField(
        allow_null=True,
        help_text="Running time without the wait for a worker: the cost times the seconds per "
        "unit of your newest tasks in the queue. Null while you have too few tasks.",
    )
    peak_bytes = serializers.IntegerField(help_text="Estimated peak memory.")
    already_made = serializers.BooleanField(
        help_text="Whether the result is stored already, so that a task would succeed at once."
    )
    warnings = WarningsField()
    steps = serializers.ListField(
        child=serializers.CharField(), help_text="The steps in words, in order."
    )

    @extend_schema_field(QUALITY)
    def get_quality(self, plan: dict[str, Any]) -> Any:
        return plan["quality"]


class FileSizeSerializer(serializers.Serializer):
    """About how large the file of a result will be."""

    bytes = serializers.IntegerField(
        allow_null=True, help_text="Estimated size of the file; null if there is no estimate."
    )
