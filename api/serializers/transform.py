"""The form of an upload with a pipeline, and what a dry run answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.requests.bodies import MODES, QUALITY
from api.requests.pipeline_form import STYLES
from api.requests.strict import TextField
from api.serializers.images import UploadSerializer
from api.serializers.tasks import WarningsField
from image_processor.jobs.queues import HEAVY, LIGHT


class _OptionField(TextField):
    """A text whose meaning `api.requests.pipeline_form` and the engine know."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_blank=True, trim_whitespace=False, **options)


@extend_schema_field({"type": "string", "contentMediaType": "application/json"})
class _JSONTextField(_OptionField):
    """JSON in a form."""


@extend_schema_field({"type": "string", "enum": list(MODES)})
class _ModeField(_OptionField):
    """How the caller wants to be told."""


@extend_schema_field({"type": "string", "enum": list(STYLES)})
class _StyleField(_OptionField):
    """One artistic step."""


class TransformUploadSerializer(UploadSerializer):
    """The form of `POST images/transform/`: an upload, and a pipeline in one of three ways."""

    transformations = _JSONTextField(help_text="The steps, as JSON.")
    preset = _OptionField(help_text="In place of transformations: the id or name of a preset.")
    style = _StyleField(  # type: ignore[assignment]  # the metaclass keeps it among the fields
        help_text="In place of transformations: one artistic step, in upper or lower case."
    )
    params = _JSONTextField(help_text="The parameters of the style, as JSON.")
    format = _OptionField(help_text="Output format in any case; the source's own if absent.")
    quality = _OptionField(help_text="1 to 100, or auto.")
    lossless = _OptionField(help_text="true or false.")
    metadata = _OptionField(help_text="keep or strip.")
    background = _OptionField(help_text="Colour under transparent parts.")
    mode = _ModeField(help_text="sync holds the answer until the task has ended.")


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
    queue = serializers.ChoiceField(choices=[LIGHT.name, HEAVY.name])
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
