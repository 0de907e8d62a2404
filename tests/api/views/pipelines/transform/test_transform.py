"""A transform request creates a task, which writes the result as requested."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from rest_framework.test import APIClient

from image_processor.models import TransformationTask
from tests.builders import pictures
from tests.engine.builders import step


def test_the_answer_is_the_new_task(
    client: APIClient, request_transform: Callable[..., Any], image: dict[str, Any]
) -> None:
    answer = request_transform(step("resize", width=32), format="png", quality=70)
    assert answer.status_code == 201
    task = answer.json()
    assert answer["Location"] == f"/api/v1/tasks/{task['id']}/"
    expected = {
        "status": "PENDING",
        "original_image": image["id"],
        "result_image": None,
        "result_name": None,
        "result_url": None,
        "transformations": [step("resize", width=32)],
        "format": "PNG",
        "quality": 70,
        "progress": 0,
        "attempts": 0,
        "error_code": None,
        "error_message": None,
        "started_at": None,
        "finished_at": None,
    }
    assert {name: task[name] for name in expected} == expected
    assert client.get(answer["Location"]).json() == task


def test_thirty_two_steps_are_accepted(request_transform: Callable[..., Any]) -> None:
    assert request_transform(*[step("flip")] * 32).status_code == 201


@pytest.mark.parametrize("name", ["jpeg", "JPG", "Png", "webp", "gif", "tiff", "AVIF"])
def test_every_output_format(
    client: APIClient,
    request_transform: Callable[..., Any],
    work_off: Callable[[], None],
    name: str,
) -> None:
    answer = request_transform(step("resize", width=20), format=name)
    assert answer.status_code == 201, answer.content
    format_name = {"JPG": "JPEG"}.get(name.upper(), name.upper())
    assert answer.json()["format"] == format_name
    work_off()
    task = client.get(answer["Location"]).json()
    assert task["status"] == "SUCCESS", task
    fetched = APIClient().get(task["result_url"])
    assert fetched["Content-Type"] == f"image/{format_name.lower()}"
    result = pictures.opened(b"".join(fetched.streaming_content))
    assert (result.format, result.width) == (format_name, 20)


def test_the_default_format_is_that_of_the_source(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    source = upload(client, pictures.encoded(pictures.noise(20, 20), "WEBP"))
    answer = client.post(
        f"/api/v1/images/{source['id']}/transform/", {"transformations": [step("flip")]}
    )
    assert answer.json()["format"] == "WEBP"


@pytest.fixture
def unreachable_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the broker's address to a port where nothing listens."""
    app = current_app._get_current_object()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        monkeypatch.setitem(app.conf, "broker_url", address)
        monkeypatch.setenv("CELERY_BROKER_URL", address)  # Celery reads it before its settings
        # The app keeps connection pools of the real broker.
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        yield


@pytest.mark.django_db(transaction=True)
def test_an_unreachable_broker_does_not_delay_requests(
    request_transform: Callable[..., Any],
    unreachable_broker: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: Any,
) -> None:
    monkeypatch.setattr("utils.messages._paused_until", 0.0)
    first = request_transform(step("flip"))
    assert first.status_code == 201
    assert "message_not_sent" in caplog.text
    caplog.clear()
    second = request_transform(step("mirror"))
    assert second.status_code == 201
    assert "message_not_sent" not in caplog.text  # no second attempt within the pause
    statuses = TransformationTask.objects.values_list("status", flat=True)
    assert list(statuses) == ["PENDING", "PENDING"]


def test_a_task_shows_the_output_options_of_its_request(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    image = upload(client)
    path = f"/api/v1/images/{image['id']}/transform/"
    steps = {"transformations": [{"operation": "flip"}]}
    asked = {"quality": 70, "lossless": True, "metadata": "keep", "background": "#ff0000ff"}
    task = client.post(path, {**steps, "format": "webp", **asked}).json()
    assert task["options"] == asked | {"quality": None}  # a lossless file has no quality
    assert client.get(f"/api/v1/tasks/{task['id']}/").json()["options"] == task["options"]
    plain = client.post(path, {**steps, "format": "webp", "quality": "auto"}).json()
    assert plain["options"] == {
        "quality": "auto", "lossless": False, "metadata": None, "background": None,
    }  # fmt: skip
    again = {"transformations": task["transformations"], "format": "webp", **task["options"]}
    assert client.post(path, again).json()["options"] == task["options"]


def test_the_options_of_a_task_with_min_quality_can_be_requested_again(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    path = f"/api/v1/images/{upload(client)['id']}/transform/"
    small = {"operation": "compress", "params": {"max_bytes": 90_000, "min_quality": 90}}
    task = client.post(path, {"transformations": [small], "format": "png"}).json()
    answer = client.post(path, {"transformations": [small], "format": "png", **task["options"]})
    assert answer.status_code == 201, answer.content
