"""Pictures that come by another way than a form of ours: from an address, or by the storage."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.requests.strict import StrictSerializer, TextField
from image_processor.ingest import direct_uploads
from image_processor.models import DirectUpload
from utils.outbound.target import MAX_LENGTH

_FORM = {
    "type": ["object", "null"],
    "required": ["url", "fields"],
    "description": "Send these fields as multipart/form-data to `url`, and the file as the last "
    "one, called `file`. Null once the file was taken in or the time is over.",
    "properties": {
        "url": {"type": "string", "format": "uri"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_NAME = "Taken as it is: 1 to 255 characters, no slash, nothing invisible."


@extend_schema_field(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": MAX_LENGTH,
        "examples": ["https://www.example.com/garden.jpg"],
    }
)
class _AddressField(TextField):
    """What it has to be, `utils.outbound` says."""


@extend_schema_field({"type": "string", "enum": direct_uploads.content_types()})
class _ContentTypeField(TextField):
    """Others are refused by the service, with the code that such an upload has."""


class ImportSerializer(StrictSerializer):
    """The body of `POST images/import/`."""

    url = _AddressField(
        max_length=MAX_LENGTH,
        trim_whitespace=False,
        help_text="Starts with http:// or https:// and leads to the public internet.",
    )
    file_name = TextField(
        required=False, trim_whitespace=False, help_text="As the address ends, if absent."
    )
    description = TextField(required=False, allow_blank=True, max_length=10_000, default="")


class WholeNumberField(serializers.IntegerField):
    """A whole number; the usual field also takes strings, fractions of 0 and booleans."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class NewDirectUploadSerializer(StrictSerializer):
    """The body of `POST images/direct-uploads/`."""

    file_name = TextField(trim_whitespace=False, help_text=_NAME)
    size_bytes = WholeNumberField(
        min_value=1, help_text="Of the file; the storage refuses one more and one less."
    )
    content_type = _ContentTypeField(
        max_length=64,
        help_text="`image/jpeg` and the like. What is in the file decides about its format.",
    )
    description = TextField(required=False, allow_blank=True, max_length=10_000, default="")


class DirectUploadSerializer(serializers.ModelSerializer):
    """How to send a file to the storage, and what became of it."""

    upload = serializers.SerializerMethodField()

    class Meta:
        model = DirectUpload
        fields = [
            "id",
            "upload",
            "image",
            "file_name",
            "description",
            "content_type",
            "size_bytes",
            "expires_at",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(_FORM)
    def get_upload(self, upload: DirectUpload) -> dict[str, Any] | None:
        form = direct_uploads.form_of(upload)
        return None if form is None else form._asdict()
