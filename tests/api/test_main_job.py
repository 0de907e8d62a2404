"""The main job through the API: upload, transform, run, download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.models import StoredObject, TransformationTask
from tests.builders import pictures

REQUEST = {
    "format": "jpeg",
    "transformations": [
        {"operation": "resize", "params": {"width": 80, "height": 60}},
        {"operation": "apply_filter", "params": {"grayscale": True}},
    ],
}


def test_a_photograph_is_resized_and_converted_to_gray(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    image = upload(client, pictures.jpeg(400, 300))
    assert image["metadata"]["width"] == 400
    answer = client.post(f"/api/v1/images/{image['id']}/transform/", REQUEST)
    assert answer.status_code == 201, answer.content
    task = answer.json()
    assert task["status"] == "PENDING"
    assert task["original_image"] == image["id"]
    assert task["result_image"] is None
    assert task["format"] == "JPEG"

    tasks.work(TransformationTask.objects.get().queue)

    done = client.get(answer["Location"]).json()
    assert done["status"] == "SUCCESS", done
    assert done["result_image"] is not None
    picture = client.get(f"/api/v1/images/transformed/{done['result_image']}/").json()
    assert picture["source_image"] == image["id"]
    assert picture["transformation_task"] == done["id"]
    fetched = APIClient().get(done["result_url"])
    assert fetched.status_code == 200
    assert fetched["Content-Type"] == "image/jpeg"
    result = pictures.opened(b"".join(fetched.streaming_content))
    assert (result.size, result.mode, result.format) == ((80, 60), "L", "JPEG")


def test_an_equal_request_reuses_the_first_result(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    image = upload(client)
    path = f"/api/v1/images/{image['id']}/transform/"
    first = client.post(path, REQUEST).json()
    tasks.work("light")
    objects = StoredObject.objects.count()

    second = client.post(path, REQUEST).json()

    assert second["status"] == "SUCCESS"
    assert second["id"] != first["id"]
    done = client.get(f"/api/v1/tasks/{first['id']}/").json()
    assert second["result_image"] not in (None, done["result_image"])
    assert StoredObject.objects.count() == objects
