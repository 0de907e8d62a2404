"""Pipelines as presets and batches show them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.shown_row import ShownRow
from image_processor import engine

# Null if the request has none.
QUALITY = engine.options_schema()["quality"]


@extend_schema_field({"$ref": "#/components/schemas/Pipeline"})
class StepsField(serializers.JSONField):
    """The steps as they were sent."""


class PipelineSerializer(ShownRow):
    """The steps and options as they were sent; absent options are null."""

    transformations = StepsField(read_only=True)
    format = serializers.SerializerMethodField()
    quality = serializers.SerializerMethodField()
    lossless = serializers.SerializerMethodField()
    metadata = serializers.SerializerMethodField()
    background = serializers.SerializerMethodField()

    pipeline_fields = ["transformations", "format", "quality", "lossless", "metadata", "background"]

    def get_format(self, row: Any) -> str | None:
        return row.options.get("format")

    @extend_schema_field(QUALITY)
    def get_quality(self, row: Any) -> Any:
        return row.options.get("quality")

    def get_lossless(self, row: Any) -> bool | None:
        return row.options.get("lossless")

    @extend_schema_field({"type": ["string", "null"], "enum": ["keep", "strip", None]})
    def get_metadata(self, row: Any) -> str | None:
        return row.options.get("metadata")

    def get_background(self, row: Any) -> str | None:
        return row.options.get("background")
