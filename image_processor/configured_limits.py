"""Limits of images, pipelines and owners, as the settings give them."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from image_processor.engine import Limits


class QuotaLimits(NamedTuple):
    """The quotas of one owner; None means no limit."""

    bytes_stored: int | None
    tasks_this_month: int | None
    concurrent_tasks: int | None
    images: int | None


def quota_limits(
    storage_mb: int | None = None,
    tasks_per_month: int | None = None,
    concurrent_tasks: int | None = None,
    images: int | None = None,
) -> QuotaLimits:
    """Return the limits that an operator has set for an owner, else the `QUOTA_*` settings.

    A value of 0 means no limit.
    """
    megabytes = settings.QUOTA_STORAGE_MB if storage_mb is None else storage_mb
    tasks = settings.QUOTA_TASKS_PER_MONTH if tasks_per_month is None else tasks_per_month
    running = settings.QUOTA_CONCURRENT_TASKS if concurrent_tasks is None else concurrent_tasks
    pictures = settings.QUOTA_IMAGES if images is None else images
    return QuotaLimits(
        megabytes * 1024 * 1024 or None, tasks or None, running or None, pictures or None
    )


def limits() -> Limits:
    """Return the limits of source images and pipelines: the `IMAGE_*` and `TASK_*` settings."""
    return Limits(
        max_file_bytes=settings.IMAGE_MAX_FILE_SIZE_MB * 1024 * 1024,
        max_side=settings.IMAGE_MAX_PIXEL_SIZE,
        min_side=settings.IMAGE_MIN_PIXEL_SIZE,
        max_pixels=settings.IMAGE_MAX_PIXELS,
        max_frames=settings.IMAGE_MAX_FRAMES,
        max_cost=settings.TASK_MAX_COST,
    )
