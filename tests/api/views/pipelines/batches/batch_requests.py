"""Create, read and fail batches in tests."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import transitions
from image_processor.jobs.claim import claim
from image_processor.models import SourceImage, TransformationTask
from outbox.models import Event
from tests.builders import rows

BATCHES = "/api/v1/batches/"
RESIZE = [{"operation": "resize", "params": {"width": 20, "height": 15}}]
# The last of `images` is too small for this crop.
CROP = [{"operation": "crop", "params": {"x": 0, "y": 0, "width": 60, "height": 40}}]
NO_TASKS = {"PENDING": 0, "IN_PROGRESS": 0, "SUCCESS": 0, "FAILED": 0, "CANCELLED": 0}


def create_images(owner: Any, count: int) -> list[int]:
    """Create rows of images that share one stored object."""
    first = rows.image(owner)
    fields = {name: getattr(first, name) for name in ("owner_id", "stored_object_id", "file_name")}
    copies = [
        SourceImage(**fields, metadata={**first.metadata, "sha256": f"{n:064x}"})
        for n in range(count - 1)
    ]
    return [first.pk, *(image.pk for image in SourceImage.objects.bulk_create(copies))]


def post_batch(client: APIClient, images: Any, steps: Any = RESIZE, **body: Any) -> Any:
    return client.post(BATCHES, {"image_ids": images, "transformations": steps, **body})


def create_batch(
    client: APIClient, images: Any, steps: Any = RESIZE, **body: Any
) -> dict[str, Any]:
    answer = post_batch(client, images, steps, **body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def get_batch(client: APIClient, batch: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"{BATCHES}{batch['id']}/").json()


def finished_events() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="batch.finished").values_list("payload", flat=True))


def fail_all_tasks() -> None:
    while (job := claim(TransformationTask, "light", release=ENGINE_RELEASE)) is not None:
        transitions.fail(job, "encode_failed", "It could not be written.")
