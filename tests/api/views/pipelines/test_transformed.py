"""Results: list, show, download, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.engine.writing.options import Output
from image_processor.library import removal
from image_processor.models import StoredObject, TransformationTask, TransformedImage
from image_processor.storage import object_storage
from tests.api.problems import refused
from tests.builders import pictures

REQUEST = {
    "transformations": [{"operation": "resize", "params": {"width": 20}}],
    "format": "webp",
}


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client, description="A garden", file_name="my garden.jpeg")


@pytest.fixture
def tasks(
    client: APIClient, image: dict[str, Any], work_off: Callable[[], None]
) -> list[dict[str, Any]]:
    """Two finished tasks of equal requests, whose results share an object."""
    path = f"/api/v1/images/{image['id']}/transform/"
    first = client.post(path, REQUEST).json()["id"]
    work_off()
    second = client.post(path, REQUEST).json()["id"]
    return [client.get(f"/api/v1/tasks/{pk}/").json() for pk in (first, second)]


def path_of(task: dict[str, Any]) -> str:
    return f"/api/v1/images/transformed/{task['result_image']}/"


def test_a_result_names_its_task_and_its_image(
    client: APIClient, image: dict[str, Any], tasks: list[dict[str, Any]]
) -> None:
    result = client.get(path_of(tasks[0])).json()
    expected = {
        "id": tasks[0]["result_image"],
        "file": tasks[0]["result_url"],
        "file_name": tasks[0]["result_name"],
        "description": "A garden",
        "owner": image["owner"],
        "source_image": image["id"],
        "transformation_task": tasks[0]["id"],
    }
    assert {name: result[name] for name in expected} == expected
    assert result["file_name"] == "my garden-20x15.webp"
    facts = result["metadata"]
    assert (facts["format"], facts["width"], facts["height"]) == ("WEBP", 20, 15)
    listed = client.get("/api/v1/images/transformed/").json()["results"]
    assert [row["id"] for row in listed] == [task["result_image"] for task in reversed(tasks)]
    assert listed[1] == result


def test_results_cannot_be_changed(client: APIClient, tasks: list[dict[str, Any]]) -> None:
    refused(client.patch(path_of(tasks[0]), {"description": "x"}), 405, "method_not_allowed")


def test_the_download_has_the_display_name(client: APIClient, tasks: list[dict[str, Any]]) -> None:
    answer = client.get(f"{path_of(tasks[0])}download/")
    data = b"".join(answer.streaming_content)
    result = pictures.opened(data)
    assert (result.format, result.size) == ("WEBP", (20, 15))
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Length"] == str(len(data))
    assert answer["Content-Disposition"] == 'attachment; filename="my garden-20x15.webp"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    by_link = APIClient().get(tasks[0]["result_url"])
    assert b"".join(by_link.streaming_content) == data


def test_a_shared_file_is_deleted_with_its_last_result(
    client: APIClient, tasks: list[dict[str, Any]]
) -> None:
    first, second = tasks
    kept = StoredObject.objects.count()
    assert client.delete(path_of(first)).status_code == 204
    refused(client.get(path_of(first)), 404, "not_found")
    assert removal.sweep() == 0
    assert StoredObject.objects.count() == kept
    answer = client.get(f"{path_of(second)}download/")
    assert pictures.opened(b"".join(answer.streaming_content)).size == (20, 15)

    assert client.delete(path_of(second)).status_code == 204
    assert StoredObject.objects.count() == kept - 1
    assert removal.sweep() == 1
    refused(APIClient().get(second["result_url"]), 404, "not_found")


def test_deleting_a_result_keeps_its_task(client: APIClient, tasks: list[dict[str, Any]]) -> None:
    client.delete(path_of(tasks[0]))
    task = client.get(f"/api/v1/tasks/{tasks[0]['id']}/").json()
    assert task["status"] == "SUCCESS"
    assert task["result_image"] is None
    assert task["result_url"] is None


def test_a_missing_file_is_404(client: APIClient, tasks: list[dict[str, Any]]) -> None:
    stored = TransformedImage.objects.get(pk=tasks[0]["result_image"]).stored_object
    object_storage().delete(stored.key)
    refused(client.get(f"{path_of(tasks[0])}download/"), 404, "object_missing")


@pytest.mark.parametrize("rows", [3, 60])
def test_a_list_costs_the_same_for_any_number_of_rows(
    member: Callable[..., APIClient],
    upload: Callable[..., dict[str, Any]],
    django_assert_max_num_queries: Any,
    rows: int,
) -> None:
    client = member()
    image = upload(client)
    for _ in range(rows):
        task = TransformationTask.objects.create(
            owner_id=image["owner"],
            original_image_id=image["id"],
            status="SUCCESS",
            queue="light",
            transformations=[],
            pipeline={"steps": [], "output": Output().model_dump(mode="json")},
            format="JPEG",
        )
        stored = StoredObject.objects.create(
            owner_id=image["owner"], fingerprint=f"f{task.pk}", key=f"k{task.pk}", size_bytes=1
        )
        TransformedImage.objects.create(
            owner_id=image["owner"],
            source_image_id=image["id"],
            transformation_task=task,
            stored_object=stored,
            file_name="x.jpg",
        )
    for kind in ("images/transformed", "tasks", f"images/{image['id']}/tasks"):
        with django_assert_max_num_queries(4):
            page = client.get(f"/api/v1/{kind}/?page_size=100").json()
        assert len(page["results"]) == rows
        shown = page["results"][0]
        assert shown.get("file") or shown.get("result_url")
