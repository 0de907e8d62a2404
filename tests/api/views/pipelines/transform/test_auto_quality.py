"""`quality: "auto"` through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from image_processor.models import TransformationTask
from tests.builders import pictures

BODY = {"transformations": [{"operation": "mirror"}], "format": "webp", "quality": "auto"}


def test_a_finished_task_shows_the_chosen_quality(
    client: APIClient, upload: Callable[..., dict[str, Any]], work_off: Callable[[], None]
) -> None:
    image = upload(client, pictures.jpeg(200, 150))
    path = f"/api/v1/images/{image['id']}/transform/"
    answer = client.post(path, BODY)
    assert answer.status_code == 201, answer.content
    task = answer.json()
    assert task["quality"] is None
    row = TransformationTask.objects.get()
    assert row.pipeline["output"]["quality"] == "auto"

    work_off()

    done = client.get(f"/api/v1/tasks/{task['id']}/").json()
    assert done["status"] == "SUCCESS"
    assert 40 <= done["quality"] <= 100
    result = client.get(f"/api/v1/images/transformed/{done['result_image']}/").json()
    assert result["metadata"]["quality"] == done["quality"]
    again = client.post(path, BODY).json()
    assert (again["status"], again["quality"]) == ("SUCCESS", done["quality"])


def test_a_quality_that_a_file_size_lowers_is_shown(
    client: APIClient, upload: Callable[..., dict[str, Any]], work_off: Callable[[], None]
) -> None:
    path = f"/api/v1/images/{upload(client, pictures.jpeg(200, 150))['id']}/transform/"
    steps = [{"operation": "compress", "params": {"quality": 90, "max_bytes": 3_000}}]
    task = client.post(path, {"transformations": steps}).json()
    assert task["quality"] == 90
    work_off()
    done = client.get(f"/api/v1/tasks/{task['id']}/").json()
    assert 10 <= done["quality"] < 90
    again = client.post(path, {"transformations": steps}).json()
    assert (again["status"], again["quality"]) == ("SUCCESS", done["quality"])


def test_a_requested_quality_is_kept(
    client: APIClient, upload: Callable[..., dict[str, Any]], work_off: Callable[[], None]
) -> None:
    image = upload(client)
    body = {**BODY, "quality": 33}
    task = client.post(f"/api/v1/images/{image['id']}/transform/", body).json()
    assert task["quality"] == 33
    work_off()
    assert client.get(f"/api/v1/tasks/{task['id']}/").json()["quality"] == 33
