"""Images and results as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.shown_row import ShownRow
from api.serializers.tasks import TaskCountsSerializer
from image_processor.engine.derived import THUMBNAIL_SIDE
from image_processor.library import picture_links
from image_processor.models import SourceImage, TransformedImage

_METADATA = {
    "type": "object",
    "description": "Facts about the picture: format, width, height (upright, px), mode, "
    "size_bytes, frames, has_alpha, orientation, icc_profile, sha256, exif and more.",
    "properties": {
        "format": {"type": "string", "examples": ["JPEG"]},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "mode": {"type": "string"},
        "size_bytes": {"type": "integer"},
        "frames": {"type": "integer"},
        "has_alpha": {"type": "boolean"},
        "sha256": {"type": "string"},
        "warnings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["code", "detail"],
            },
            "description": "Damage that does not keep the picture from being shown.",
        },
        "dominant_colors": {
            "type": ["array", "null"],
            "items": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
            "description": "Up to five colours, the most frequent first; null until they are "
            "computed.",
        },
        "thumbhash": {
            "type": ["string", "null"],
            "description": "A blurred placeholder (ThumbHash) in base64; null until computed.",
        },
    },
    "additionalProperties": True,
}

_ERROR_CODE = (
    "Stable code of the error that ended or delays the import, or of the one that keeps the "
    "picture from being decoded."
)
_NOT_COMPUTED = {"dominant_colors": None, "thumbhash": None}


class _ImageSerializer(ShownRow):
    file = serializers.SerializerMethodField(
        help_text="A link to the file that works for a limited time."
    )
    thumbnail = serializers.SerializerMethodField(
        help_text=f"A link like `file` to a thumbnail of at most {THUMBNAIL_SIDE} px a side; null "
        "until it is made."
    )
    metadata = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_file(self, image: SourceImage | TransformedImage) -> str | None:
        return picture_links.link(image)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_thumbnail(self, image: SourceImage | TransformedImage) -> str | None:
        return picture_links.thumbnail(image)

    @extend_schema_field(_METADATA)
    def get_metadata(self, image: SourceImage | TransformedImage) -> dict[str, Any]:
        stored = image.stored_object
        if stored is None:
            return {}
        shown = {**image.metadata, **(stored.appearance or _NOT_COMPUTED)}
        if not self._with_position():
            shown.pop("gps", None)
        return shown

    def _with_position(self) -> bool:
        """Whether the request asks for the place of the photograph (`?include=gps`)."""
        request = self.context.get("request")
        return request is not None and request.query_params.get("include") == "gps"


@extend_schema_field({"type": ["string", "null"]})
class NullIfEmpty(serializers.ReadOnlyField):
    """A text; null if it is empty."""

    def to_representation(self, value: Any) -> Any:
        return value or None


class FocalPointSerializer(serializers.Serializer[Any]):
    """A point of the upright image, as fractions of its width and height."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)


class SourceImageSerializer(_ImageSerializer):
    """An image, as uploaded or imported."""

    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    focal_point = FocalPointSerializer(read_only=True, allow_null=True)
    error_code = NullIfEmpty(help_text=_ERROR_CODE)
    error_message = NullIfEmpty(help_text="The error in words.")

    class Meta:
        model = SourceImage
        fields = [
            "id",
            "status",
            "error_code",
            "error_message",
            "file",
            "thumbnail",
            "file_name",
            "description",
            "tags",
            "focal_point",
            "owner",
            "metadata",
            "analysis_status",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ImageProgressSerializer(serializers.Serializer):
    """The status of an image, and how many of its tasks have each status."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=SourceImage.Status.choices)
    error_code = NullIfEmpty(help_text=_ERROR_CODE)
    error_message = NullIfEmpty(help_text="The error in words.")
    analysis_status = serializers.CharField()
    tasks = TaskCountsSerializer(help_text="The number of its tasks in each status.")


class UploadedImageSerializer(SourceImageSerializer):
    """The answer to an upload, which tells of an image with the same bytes."""

    duplicate_of = serializers.IntegerField(
        allow_null=True,
        read_only=True,
        default=None,
        help_text="Id of your earlier image with the same bytes.",
    )

    class Meta(SourceImageSerializer.Meta):
        fields = [*SourceImageSerializer.Meta.fields, "duplicate_of"]
        read_only_fields = fields


class TransformedImageSerializer(_ImageSerializer):
    """The result of a task."""

    class Meta:
        model = TransformedImage
        fields = [
            "id",
            "file",
            "thumbnail",
            "file_name",
            "description",
            "owner",
            "source_image",
            "transformation_task",
            "metadata",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
