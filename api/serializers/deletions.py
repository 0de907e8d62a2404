"""Deletions in the background, as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from image_processor.models import Deletion


class DeletionSerializer(serializers.ModelSerializer):
    """The deletion of an image with many tasks. The image is gone for all other requests."""

    image = serializers.IntegerField(source="image_id", help_text="Id of the deleted image.")

    class Meta:
        model = Deletion
        fields = [
            "id",
            "image",
            "status",
            "tasks",
            "tasks_removed",
            "created_at",
            "updated_at",
            "finished_at",
        ]
        read_only_fields = fields
