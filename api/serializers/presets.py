"""Presets as the API shows them."""

from __future__ import annotations

from api.serializers.pipelines import PipelineSerializer
from image_processor.models import Preset


class PresetSerializer(PipelineSerializer):
    """A named pipeline."""

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
