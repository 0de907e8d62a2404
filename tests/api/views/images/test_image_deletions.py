"""`DELETE images/{id}/` of an image with many tasks, and `images/deletions/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.jobs import runner
from image_processor.library import images
from image_processor.models import TransformationTask
from image_processor.transform import task_actions
from tests.builders import rows


@pytest.fixture
def image(user: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """An image with a result and one waiting task, which are many here."""
    monkeypatch.setattr(images, "MOST_TASKS_AT_ONCE", 1)
    source = rows.image(user)
    rows.tasks(source, 2)
    runner.run_next("light")
    return source.pk


def test_the_answer_says_where_to_follow_the_deletion(
    client: APIClient, image: int, make_user: Any, client_of: Callable[[Any], APIClient]
) -> None:
    answer = client.delete(f"/api/v1/images/{image}/")
    assert answer.status_code == 202
    assert answer.json()["image"] == image
    assert answer.json()["tasks"] == 2
    address = answer["Location"]
    shown = client.get(address)
    assert shown.json() == answer.json()
    assert client.get(address, HTTP_IF_NONE_MATCH=shown["ETag"]).status_code == 304
    assert client_of(make_user()).get(address).status_code == 404
    rows.run_deletions()
    assert client.get(address).json()["status"] == "SUCCESS"
    assert client.get("/api/v1/images/deletions/").json()["results"] == [client.get(address).json()]


def test_everything_of_the_image_is_gone_at_once(client: APIClient, image: int) -> None:
    shown = client.get(f"/api/v1/images/{image}/").json()
    result = client.get("/api/v1/images/transformed/").json()["results"][0]
    task = client.get("/api/v1/tasks/?status=PENDING").json()["results"][0]["id"]
    anyone = APIClient()
    links = [shown["file"], shown["thumbnail"], result["file"]]
    for link in links:
        assert b"".join(anyone.get(link).streaming_content)

    assert client.delete(f"/api/v1/images/{image}/").status_code == 202
    for link in links:
        assert anyone.get(link).status_code == 404
    for collection in ("images/", "images/transformed/", "tasks/"):
        assert client.get(f"/api/v1/{collection}").json()["results"] == []
    for path in (f"images/{image}/", f"images/transformed/{result['id']}/", f"tasks/{task}/"):
        assert client.get(f"/api/v1/{path}").status_code == 404
        assert client.delete(f"/api/v1/{path}").status_code == 404
    for action in ("cancel", "retry"):
        assert client.post(f"/api/v1/tasks/{task}/{action}/").status_code == 404
    body = {"transformations": rows.RESIZE}
    assert client.post(f"/api/v1/images/{image}/transform/", body).status_code == 404
    batch = client.post("/api/v1/batches/", {"image_ids": [image], **body})
    assert batch.json()["code"] == "unknown_image"


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_an_action_on_a_task_that_is_deleted_meanwhile_is_404(
    client: APIClient, image: int, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = TransformationTask.objects.get(status="PENDING")
    if action == "retry":
        task_actions.cancel(task)
    act = getattr(task_actions, action)

    def delete_first(found: TransformationTask) -> None:
        """Another request deletes the task after this one has read it."""
        task_actions.delete(TransformationTask.objects.get(pk=found.pk))
        act(found)

    monkeypatch.setattr(task_actions, action, delete_first)
    answer = client.post(f"/api/v1/tasks/{task.pk}/{action}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
