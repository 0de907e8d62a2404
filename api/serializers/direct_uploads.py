"""Direct uploads as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from image_processor.ingest import direct_uploads
from image_processor.models import DirectUpload

_FORM = {
    "type": ["object", "null"],
    "required": ["url", "fields"],
    "description": "Send these fields as multipart/form-data to `url`, followed by the file as the "
    "last field, named `file`. Null once the file has become an image or the upload has expired.",
    "properties": {
        "url": {"type": "string", "format": "uri"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


class DirectUploadSerializer(serializers.ModelSerializer):
    """How to send a file to the object storage, and the image that the file became."""

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
