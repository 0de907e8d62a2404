"""Bodies as the service gives them, for the server that stands for a faulty network."""

from __future__ import annotations

from typing import Any

WHEN = "2026-01-02T03:04:05Z"


def image(pk: int = 7, **members: Any) -> dict[str, Any]:
    return {
        "id": pk,
        "status": "ready",
        "file": None,
        "file_name": "photo.jpg",
        "description": "",
        "tags": [],
        "focal_point": None,
        "owner": 1,
        "metadata": {"format": "JPEG", "width": 64, "height": 48, "size_bytes": 1234},
        "created_at": WHEN,
        "updated_at": WHEN,
        **members,
    }


def task(pk: int = 9, status: str = "SUCCESS", **members: Any) -> dict[str, Any]:
    return {
        "id": pk,
        "status": status,
        "original_image": 7,
        "result_image": 11 if status == "SUCCESS" else None,
        "result_url": None,
        "transformations": [],
        "format": "WEBP",
        "quality": 85,
        "progress": 1.0,
        "warnings": [],
        "attempts": 1,
        "error_code": None,
        "error_message": None,
        "created_at": WHEN,
        "updated_at": WHEN,
        **members,
    }


def result(pk: int = 11, **members: Any) -> dict[str, Any]:
    return {
        "id": pk,
        "file": None,
        "file_name": "photo.webp",
        "description": "",
        "source_image": 7,
        "transformation_task": 9,
        "metadata": {"format": "WEBP", "width": 64, "height": 48, "size_bytes": 1234},
        "created_at": WHEN,
        "updated_at": WHEN,
        **members,
    }


def plan(**members: Any) -> dict[str, Any]:
    return {
        "width": 640,
        "height": 427,
        "exact": True,
        "format": "WEBP",
        "quality": 80,
        "frames": 1,
        "cost": 1.5,
        "queue": "light",
        "estimated_seconds": 0.25,
        "peak_bytes": 12_000_000,
        "already_made": False,
        "warnings": [],
        "steps": ["resize to 640x427"],
        **members,
    }
