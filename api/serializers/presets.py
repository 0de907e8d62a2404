"""Presets as the API shows them, and what may be said of one besides its pipeline."""

from __future__ import annotations

from rest_framework import serializers

from api.requests.strict import StrictSerializer
from api.serializers.pipelines import PipelineSerializer
from image_processor.models import Preset


class PresetSerializer(PipelineSerializer):
    """`GET presets/<id>/`."""

    class Meta:
        model = Preset
        fields = [
            "id",
            "name",
            "description",
            *PipelineSerializer.pipeline_fields,
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class PresetTextSerializer(StrictSerializer):
    """The words of a preset's body."""

    # What a name may be is the service's to say, with a code of its own.
    name = serializers.CharField(trim_whitespace=False, allow_blank=True)
    description = serializers.CharField(
        required=False, allow_blank=True, max_length=10_000, default=""
    )
