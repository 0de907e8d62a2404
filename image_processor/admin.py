"""Images, tasks and quotas in the admin.

Everything but quotas is read-only: changes go through the services.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from image_processor.models import (
    Batch,
    Preset,
    Quota,
    SourceImage,
    TransformationTask,
    TransformedImage,
    Usage,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows; nobody can add, change or delete one."""

    show_full_result_count = False
    ordering = ["-id"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SourceImage)
class SourceImageAdmin(ReadOnlyAdmin):
    list_display = ["id", "file_name", "owner", "status", "created_at"]
    list_select_related = ["owner"]


@admin.register(TransformedImage)
class TransformedImageAdmin(ReadOnlyAdmin):
    list_display = ["id", "file_name", "owner", "source_image", "created_at"]
    list_select_related = ["owner", "source_image"]


@admin.register(TransformationTask)
class TransformationTaskAdmin(ReadOnlyAdmin):
    list_display = ["id", "status", "owner", "queue", "attempts", "error_code", "created_at"]
    list_filter = ["status", "queue"]
    list_select_related = ["owner"]


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ["id", "owner", "runs", "created_at", "finished_at"]
    list_select_related = ["owner"]


@admin.register(Preset)
class PresetAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "owner", "created_at", "updated_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__username", "owner__email"]


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Limits of one user that replace those of the settings."""

    list_display = ["owner", "storage_mb", "tasks_per_month", "concurrent_tasks", "images"]
    list_select_related = ["owner"]
    search_fields = ["owner__username", "owner__email"]
    autocomplete_fields = ["owner"]


@admin.register(Usage)
class UsageAdmin(ReadOnlyAdmin):
    list_display = ["owner", "bytes_stored", "month", "tasks"]
    list_select_related = ["owner"]
    search_fields = ["owner__username", "owner__email"]
    ordering = ["-bytes_stored"]
