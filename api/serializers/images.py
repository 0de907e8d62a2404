"""Source images and results as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.tasks import TaskCountsSerializer
from image_processor.engine.derived import THUMBNAIL_SIDE
from image_processor.library import links
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
        "dominant_colors": {
            "type": ["array", "null"],
            "items": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
            "description": "Up to five, the most frequent first; null until the background has "
            "looked.",
        },
        "thumbhash": {
            "type": ["string", "null"],
            "description": "A blurred stand-in (ThumbHash) in base64; null until the background "
            "has looked.",
        },
    },
    "additionalProperties": True,
}

_NOT_LOOKED_AT = {"dominant_colors": None, "thumbhash": None}


class _ImageSerializer(serializers.ModelSerializer):
    file = serializers.SerializerMethodField(help_text="A link that works for a limited time.")
    thumbnail = serializers.SerializerMethodField(
        help_text=f"A link like `file` to a picture of at most {THUMBNAIL_SIDE} px a side, made in "
        "the background; null until then."
    )
    metadata = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_file(self, image: SourceImage | TransformedImage) -> str | None:
        return links.link(image)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_thumbnail(self, image: SourceImage | TransformedImage) -> str | None:
        return links.thumbnail(image)

    @extend_schema_field(_METADATA)
    def get_metadata(self, image: SourceImage | TransformedImage) -> dict[str, Any]:
        stored = image.stored_object
        if stored is None:
            return {}
        shown = {**image.metadata, **(stored.appearance or _NOT_LOOKED_AT)}
        if not self._with_position():
            shown.pop("gps", None)
        return shown

    def _with_position(self) -> bool:
        """Whether the owner asks where it was taken (`?include=gps`)."""
        request = self.context.get("request")
        return request is not None and request.query_params.get("include") == "gps"


@extend_schema_field({"type": ["string", "null"]})
class NullIfEmpty(serializers.ReadOnlyField):
    """A text to be shown; null where there is none."""

    def to_representation(self, value: Any) -> Any:
        return value or None


class FocalPointSerializer(serializers.Serializer[Any]):
    """A point of the upright picture, as fractions of its sides."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)


class SourceImageSerializer(_ImageSerializer):
    """`GET images/<id>/`."""

    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    focal_point = FocalPointSerializer(read_only=True, allow_null=True)
    error_code = NullIfEmpty(help_text="Why its import failed, or is tried again; stable.")
    error_message = NullIfEmpty(help_text="The same for people.")

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
    """`GET images/status/<id>/`."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=SourceImage.Status.choices)
    error_code = NullIfEmpty(help_text="Why its import failed, or is tried again; stable.")
    error_message = NullIfEmpty(help_text="The same for people.")
    analysis_status = serializers.CharField()
    tasks = TaskCountsSerializer(help_text="How many of its tasks stand where.")


class UploadedImageSerializer(SourceImageSerializer):
    """The answer to an upload: also says whether the bytes were there already."""

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
    """`GET images/transformed/<id>/`."""

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
