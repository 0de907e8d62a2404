"""Images, tasks and quotas in the admin.

Everything but quotas is read-only: changes go through the services.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_lists import NewestRowsAdmin, filter_by
from image_processor.jobs.queues import QUEUES
from image_processor.models import (
    Batch,
    Deletion,
    Preset,
    Quota,
    SourceImage,
    TransformationTask,
    TransformedImage,
    Usage,
)


class ReadOnlyAdmin(NewestRowsAdmin):
    """Shows rows; nobody can add, change or delete one."""

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
    list_filter = ["status", filter_by("queue", QUEUES)]
    list_select_related = ["owner"]


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    """Shows what is removed in the background, and why it is late."""

    list_display = ["id", "status", "owner", "image_id", "tasks_removed", "error_code", "queued_at"]
    list_filter = ["status"]
    list_select_related = ["owner"]


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ["id", "owner", "runs", "created_at", "finished_at"]
    list_select_related = ["owner"]


@admin.register(Preset)
class PresetAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "owner", "created_at", "updated_at"]
    list_select_related = ["owner"]


@admin.register(Quota)
class QuotaAdmin(NewestRowsAdmin):
    """Limits of one user that replace those of the settings."""

    list_display = ["owner", "storage_mb", "tasks_per_month", "concurrent_tasks", "images"]
    list_select_related = ["owner"]
    autocomplete_fields = ["owner"]
    ordering = order_of_owner = ("-owner_id",)


@admin.register(Usage)
class UsageAdmin(ReadOnlyAdmin):
    """Shows the accounts that store the most first. The table has one row for each account."""

    list_display = ["owner", "bytes_stored", "images", "month", "tasks"]
    list_select_related = ["owner"]
    ordering = order_of_owner = ("-bytes_stored", "-owner_id")
