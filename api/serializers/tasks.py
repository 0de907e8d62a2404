"""Tasks as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.pipelines import QUALITY, StepsField
from api.serializers.shown_row import ShownRow
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.jobs.model import Status
from image_processor.library import picture_links
from image_processor.models import TransformationTask, TransformedImage


def _result(task: TransformationTask) -> TransformedImage | None:
    if task.status != Status.SUCCESS:
        return None
    return getattr(task, "result_image", None)


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["code", "detail"],
            "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
        },
    }
)
class WarningsField(serializers.JSONField):
    """Warnings about a result, each with a code and a text."""


@extend_schema_field(
    {
        "type": "object",
        "required": ["quality", "lossless", "metadata", "background"],
        "properties": {
            "quality": QUALITY,
            "lossless": {"type": "boolean"},
            "metadata": {"type": ["string", "null"], "enum": ["keep", "strip", None]},
            "background": {"type": ["string", "null"]},
        },
    }
)
class _OptionsField(serializers.JSONField):
    """The options for the file of a task's result."""

    names = ["lossless", "metadata", "background"]

    def to_representation(self, value: Any) -> Any:
        output = value.pipeline["output"]
        # None if the package of an optional format was removed since.
        written = OUTPUT_FORMATS.get(value.format)
        loses = not output["lossless"] and (written is None or written.lossy)
        quality = output["quality"] if loses else None
        return {"quality": quality, **{name: output[name] for name in self.names}}


class TaskSerializer(ShownRow):
    """A pipeline that is applied to one image."""

    result_image = serializers.SerializerMethodField(
        help_text="Id of the result; null until the task has succeeded."
    )
    result_name = serializers.SerializerMethodField(
        help_text="The file name of the result, such as photo-800x600.webp; null until the task "
        "has succeeded."
    )
    result_url = serializers.SerializerMethodField(
        help_text="A link to the result's bytes that works for a limited time."
    )
    transformations = StepsField(read_only=True)
    options = _OptionsField(
        source="*",
        read_only=True,
        help_text="The options of the request beside the format, with defaults filled in. The same "
        "options produce the same from another image. quality is null for lossless files.",
    )
    warnings = WarningsField(read_only=True)
    error_code = serializers.SerializerMethodField()
    error_message = serializers.SerializerMethodField()

    class Meta:
        model = TransformationTask
        fields = [
            "id",
            "status",
            "original_image",
            "result_image",
            "result_name",
            "result_url",
            "transformations",
            "format",
            "quality",
            "options",
            "batch",
            "progress",
            "warnings",
            "attempts",
            "error_code",
            "error_message",
            "queued_at",
            "started_at",
            "finished_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_result_image(self, task: TransformationTask) -> int | None:
        result = _result(task)
        return result.pk if result else None

    def get_result_name(self, task: TransformationTask) -> str | None:
        result = _result(task)
        return result.file_name if result else None

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_result_url(self, task: TransformationTask) -> str | None:
        result = _result(task)
        return picture_links.link(result) if result else None

    def get_error_code(self, task: TransformationTask) -> str | None:
        return task.error_code or None

    def get_error_message(self, task: TransformationTask) -> str | None:
        return task.error_message or None


class TaskCountsSerializer(serializers.Serializer):
    """The number of tasks in each status."""

    PENDING = serializers.IntegerField(min_value=0)
    IN_PROGRESS = serializers.IntegerField(min_value=0)
    SUCCESS = serializers.IntegerField(min_value=0)
    FAILED = serializers.IntegerField(min_value=0)
    CANCELLED = serializers.IntegerField(min_value=0)
