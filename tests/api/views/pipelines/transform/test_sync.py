"""`mode: "sync"`: the answer waits for the end of the task, up to a time limit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from api.http import disconnection, task_waiting
from image_processor import tasks
from image_processor.jobs.model import Status
from image_processor.models import SourceImage, TransformationTask
from tests.api.problems import refused
from tests.builders import pictures, rows
from tests.scripts.processes import until
from tests.threads import await_end

pytestmark = pytest.mark.django_db(transaction=True)
FLIP = {"transformations": [{"operation": "flip"}]}
SYNC = {**FLIP, "mode": "sync"}
LONG = 60  # seconds; no test waits this long


@pytest.fixture
def image(user: Any) -> SourceImage:
    return rows.image(user)


@pytest.fixture
def ask(client: APIClient, image: SourceImage) -> Callable[..., Any]:
    def post(key: str | None = None, **members: Any) -> Any:
        header = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
        path = f"/api/v1/images/{image.pk}/transform/"
        return client.post(path, {**SYNC, **members}, **header)

    return post


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., threading.Thread]]:
    """Run a function in another thread as soon as this many requests wait for a task."""
    threads: list[threading.Thread] = []

    def start(work: Callable[[], Any], callers: int = 1) -> threading.Thread:
        def run() -> None:
            try:
                until(
                    lambda: task_waiting._waiter.slots.in_use >= callers,
                    f"{callers} callers who wait",
                    pause=0.002,
                )
                work()
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        await_end(thread)


def work() -> None:
    tasks.work("light")


def test_the_answer_is_the_finished_task(
    client: APIClient, ask: Callable[..., Any], meanwhile: Any, settings: Any
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    meanwhile(work)
    answer = ask()
    assert answer.status_code == 201
    assert answer.json()["status"] == "SUCCESS"
    assert answer.json() == client.get(answer["Location"]).json()
    download = client.get(f"/api/v1/images/transformed/{answer.json()['result_image']}/download/")
    assert pictures.opened(b"".join(download.streaming_content)).size == (64, 48)


def test_a_failed_task_ends_the_wait(
    ask: Callable[..., Any], meanwhile: Any, settings: Any
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    meanwhile(
        lambda: TransformationTask.objects.update(
            status=Status.FAILED, available_at=None, error_code="no_face_found", error_message="x"
        )
    )
    answer = ask()
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["error_code"]) == ("FAILED", "no_face_found")


def test_a_stored_result_is_answered_at_once(
    ask: Callable[..., Any], settings: Any, limit_waiting: Callable[[int], None]
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    ask(mode="async")
    work()
    limit_waiting(0)  # no request may wait
    answer = ask()
    assert (answer.status_code, answer.json()["status"]) == (201, "SUCCESS")


def test_a_task_over_the_time_limit_is_202(
    client: APIClient, ask: Callable[..., Any], settings: Any
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = 0.05
    answer = ask()
    assert (answer.status_code, answer.json()["status"]) == (202, "PENDING")
    work()
    assert client.get(answer["Location"]).json()["status"] == "SUCCESS"


def test_a_request_over_the_limit_of_waiting_requests_is_202_at_once(
    ask: Callable[..., Any], settings: Any, limit_waiting: Callable[[int], None]
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    limit_waiting(0)
    assert ask().status_code == 202
    assert TransformationTask.objects.get().status == "PENDING"


def test_the_task_of_a_disconnected_client_continues(
    client: APIClient, ask: Callable[..., Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`may_be_gone` itself is tested in `tests/api/http/test_disconnection.py`."""
    settings.SYNC_TRANSFORM_TIMEOUT = 10_000
    monkeypatch.setattr(disconnection, "may_be_gone", lambda request: True)
    answer = ask()
    assert (answer.status_code, task_waiting._waiter.slots.in_use) == (202, 0)
    work()
    assert client.get(answer["Location"]).json()["status"] == "SUCCESS"


def test_sync_and_async_tasks_share_a_queue(ask: Callable[..., Any], settings: Any) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = 0.01
    ask(mode="async", format="png")
    ask(format="webp")
    ask(mode="async", format="gif")
    made = TransformationTask.objects.order_by("position").values_list("queue", "format")
    assert list(made) == [("light", "PNG"), ("light", "WEBP"), ("light", "GIF")]


def test_a_repeated_request_waits_like_the_first(
    ask: Callable[..., Any], meanwhile: Any, settings: Any
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = 0.05
    first = ask(key="one")
    assert first.status_code == 202
    still = ask(key="one")
    assert (still.status_code, still["Idempotent-Replayed"]) == (202, "true")
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    meanwhile(work)
    again = ask(key="one")
    assert (again.status_code, again.json()["status"]) == (201, "SUCCESS")
    assert again.json()["id"] == still.json()["id"] == first.json()["id"]
    assert TransformationTask.objects.count() == 1


def test_two_simultaneous_requests_with_one_key_get_the_same_task(
    ask: Callable[..., Any], meanwhile: Any, settings: Any, limit_waiting: Callable[[int], None]
) -> None:
    """The key of the first request is completed before it waits, because the task exists."""
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    limit_waiting(5)
    others: list[Any] = []
    second = meanwhile(lambda: others.append(ask(key="one")))
    meanwhile(work, callers=2)
    first = ask(key="one")
    await_end(second)
    [other] = others
    assert first.status_code == other.status_code == 201
    assert first.json() == other.json()
    assert TransformationTask.objects.count() == 1


def test_a_request_in_another_mode_cannot_reuse_the_key(
    ask: Callable[..., Any], settings: Any
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = 0.01
    assert ask(key="one").status_code == 202
    refused(ask(key="one", mode="async"), 422, "idempotency_key_reused")


def test_a_task_that_is_deleted_during_the_wait_is_404(
    ask: Callable[..., Any], meanwhile: Any, settings: Any
) -> None:
    settings.SYNC_TRANSFORM_TIMEOUT = LONG
    meanwhile(lambda: TransformationTask.objects.all().delete())
    refused(ask(key="one"), 404, "not_found")
    refused(ask(key="one"), 410, "created_object_gone")


@pytest.mark.parametrize("mode", ["SYNC", "", None, True, "later", ["sync"]])
def test_an_unknown_mode_is_refused(ask: Callable[..., Any], mode: Any) -> None:
    body = refused(ask(mode=mode), 400, "invalid_pipeline", "/mode")
    assert body["errors"][0]["limit"] == ["async", "sync"]
    assert not TransformationTask.objects.exists()
