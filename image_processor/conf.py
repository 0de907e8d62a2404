"""The settings that the core reads, as it needs them."""

from __future__ import annotations

from django.conf import settings

from image_processor.engine import Limits


def limits() -> Limits:
    """What a source and a pipeline may be, from the `IMAGE_*` and `TASK_*` settings."""
    return Limits(
        max_file_bytes=settings.IMAGE_MAX_FILE_SIZE_MB * 1024 * 1024,
        max_side=settings.IMAGE_MAX_PIXEL_SIZE,
        min_side=settings.IMAGE_MIN_PIXEL_SIZE,
        max_pixels=settings.IMAGE_MAX_PIXELS,
        max_frames=settings.IMAGE_MAX_FRAMES,
        max_cost=settings.TASK_MAX_COST,
    )
