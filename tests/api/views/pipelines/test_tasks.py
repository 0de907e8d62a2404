"""Tasks: list, show, wait, cancel, retry, delete."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from rest_framework.test import APIClient

from api.views.pipelines.tasks import MAX_WAIT_SECONDS
from image_processor import tasks as worker
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import transitions
from image_processor.jobs.claim import claim
from image_processor.jobs.model import Status
from image_processor.library import removal
from image_processor.models import StoredObject, TransformationTask, TransformedImage
from tests.api.problems import refused
from tests.builders import pictures

PIPELINE = {"transformations": [{"operation": "flip"}]}


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client)


@pytest.fixture
def task_in(client: APIClient, image: dict[str, Any]) -> Callable[[str], int]:
    """Bring a task into a state by regular steps; return its id."""

    def make(status: str) -> int:
        path = f"/api/v1/images/{image['id']}/transform/"
        pk = int(client.post(path, PIPELINE).json()["id"])
        match status:
            case Status.IN_PROGRESS:
                claim(TransformationTask, "light", release=ENGINE_RELEASE)
            case Status.SUCCESS:
                worker.work("light")
            case Status.FAILED:
                running = claim(TransformationTask, "light", release=ENGINE_RELEASE)
                assert running is not None
                transitions.fail(running, "encode_failed", "It could not be written.")
            case Status.CANCELLED:
                client.post(f"/api/v1/tasks/{pk}/cancel/")
        assert TransformationTask.objects.get(pk=pk).status == status
        return pk

    return make


def path_of(pk: int) -> str:
    return f"/api/v1/tasks/{pk}/"


# --- List


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [task["id"] for task in answer.json()["results"]]


def test_a_list_is_newest_first_and_can_be_filtered(
    client: APIClient,
    task_in: Callable[[str], int],
    image: dict[str, Any],
    upload: Callable[..., dict[str, Any]],
) -> None:
    done = task_in(Status.SUCCESS)
    other = upload(client, pictures.jpeg(seed=2))
    waiting = client.post(f"/api/v1/images/{other['id']}/transform/", PIPELINE).json()["id"]
    assert ids(client.get("/api/v1/tasks/")) == [waiting, done]
    assert ids(client.get("/api/v1/tasks/?status=PENDING")) == [waiting]
    assert ids(client.get("/api/v1/tasks/?status=SUCCESS")) == [done]
    assert ids(client.get("/api/v1/tasks/?status=FAILED")) == []
    assert ids(client.get(f"/api/v1/tasks/?original_image={image['id']}")) == [done]
    assert ids(client.get(f"/api/v1/tasks/?original_image={image['id']}&status=PENDING")) == []
    assert ids(client.get("/api/v1/tasks/?original_image=987654321")) == []
    assert ids(client.get(f"/api/v1/tasks/?original_image={'9' * 40}")) == []
    detail = client.get(path_of(done)).json()
    assert client.get("/api/v1/tasks/?status=SUCCESS").json()["results"] == [detail]


@pytest.mark.parametrize("status", ["", "pending", "DONE", "\0", "PENDING,FAILED"])
def test_an_unknown_status_is_refused(client: APIClient, status: str) -> None:
    answer = client.get("/api/v1/tasks/", {"status": status})
    refused(answer, 400, "invalid_input", "/status")


@pytest.mark.parametrize(
    "pk", ["", "x", "1.5", "-1", "1e9999999", "NaN", "1 ", "٣", "\0", "0x1", ","]
)
def test_an_invalid_image_id_is_refused(client: APIClient, pk: str) -> None:
    answer = client.get("/api/v1/tasks/", {"original_image": pk})
    refused(answer, 400, "invalid_input", "/original_image")


# --- Wait


@pytest.mark.parametrize(
    "seconds",
    ["-1", "1.5", "", "x", "1e1", "٣", f"{MAX_WAIT_SECONDS + 1}", "9" * 30, "00000060999", " 1"],
)
def test_an_invalid_wait_is_refused(
    client: APIClient, task_in: Callable[[str], int], seconds: str
) -> None:
    answer = client.get(path_of(task_in(Status.PENDING)), {"wait": seconds})
    body = refused(answer, 400, "invalid_input", "/wait")
    assert str(MAX_WAIT_SECONDS) in body["detail"]


@pytest.mark.parametrize("status", [Status.SUCCESS, Status.FAILED, Status.CANCELLED])
def test_a_finished_task_is_answered_without_waiting(
    client: APIClient,
    task_in: Callable[[str], int],
    status: str,
    limit_waiting: Callable[[int], None],
) -> None:
    limit_waiting(0)  # no request may wait
    assert client.get(f"{path_of(task_in(status))}?wait=60").json()["status"] == status


def test_a_request_without_a_wait_shows_the_current_state(
    client: APIClient, task_in: Callable[[str], int]
) -> None:
    assert client.get(f"{path_of(task_in(Status.PENDING))}?wait=0").json()["status"] == "PENDING"


def test_the_current_state_is_answered_when_too_many_wait(
    client: APIClient, task_in: Callable[[str], int], limit_waiting: Callable[[int], None]
) -> None:
    limit_waiting(0)
    assert client.get(f"{path_of(task_in(Status.PENDING))}?wait=60").json()["status"] == "PENDING"


@pytest.mark.django_db(transaction=True)
def test_a_wait_may_end_before_the_task(client: APIClient, task_in: Callable[[str], int]) -> None:
    assert client.get(f"{path_of(task_in(Status.PENDING))}?wait=1").json()["status"] == "PENDING"


@pytest.fixture
def in_thread() -> Iterator[Callable[[Callable[[], Any]], threading.Thread]]:
    started: list[threading.Thread] = []

    def start(work: Callable[[], Any]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        started.append(thread)
        return thread

    yield start
    for thread in started:
        thread.join(timeout=30)
        assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [Status.SUCCESS, Status.CANCELLED, Status.FAILED])
def test_a_wait_ends_with_the_task(
    client: APIClient, task_in: Callable[[str], int], in_thread: Callable[..., Any], end: str
) -> None:
    pk = task_in(Status.PENDING)

    def finish() -> None:
        match end:
            case Status.SUCCESS:
                worker.work("light")
            case Status.CANCELLED:
                transitions.cancel(TransformationTask.objects.filter(pk=pk))
            case Status.FAILED:
                running = claim(TransformationTask, "light", release=ENGINE_RELEASE)
                assert running is not None
                transitions.fail(running, "x", "y")

    in_thread(finish)
    task = client.get(f"{path_of(pk)}?wait=30").json()
    assert task["status"] == end
    assert task["finished_at"]


@pytest.mark.django_db(transaction=True)
def test_a_wait_ends_when_the_task_is_deleted(
    client: APIClient, task_in: Callable[[str], int], in_thread: Callable[..., Any]
) -> None:
    pk = task_in(Status.PENDING)
    in_thread(lambda: TransformationTask.objects.filter(pk=pk).delete())
    refused(client.get(f"{path_of(pk)}?wait=30"), 404, "not_found")


# --- Cancel, retry


@pytest.mark.parametrize("status", [Status.PENDING, Status.IN_PROGRESS])
def test_an_unfinished_task_can_be_cancelled(
    client: APIClient, task_in: Callable[[str], int], status: str
) -> None:
    pk = task_in(status)
    answer = client.post(f"{path_of(pk)}cancel/")
    assert answer.status_code == 200
    task = answer.json()
    assert task["status"] == "CANCELLED"
    assert task["finished_at"]
    assert client.get(path_of(pk)).json() == task
    worker.work("light")
    assert client.get(path_of(pk)).json() == task


@pytest.mark.parametrize("status", [Status.SUCCESS, Status.FAILED, Status.CANCELLED])
def test_a_finished_task_cannot_be_cancelled(
    client: APIClient, task_in: Callable[[str], int], status: str
) -> None:
    pk = task_in(status)
    before = client.get(path_of(pk)).json()
    body = refused(client.post(f"{path_of(pk)}cancel/"), 409, "task_state_conflict")
    assert body["actual"] == status
    assert body["limit"] == "PENDING or IN_PROGRESS"
    assert client.get(path_of(pk)).json() == before


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_failed_task_can_be_retried(
    client: APIClient, task_in: Callable[[str], int], status: str
) -> None:
    pk = task_in(status)
    answer = client.post(f"{path_of(pk)}retry/")
    assert answer.status_code == 200
    task = answer.json()
    expected = {
        "status": "PENDING",
        "attempts": 0,
        "progress": 0,
        "error_code": None,
        "error_message": None,
        "started_at": None,
        "finished_at": None,
    }
    assert {name: task[name] for name in expected} == expected
    worker.work("light")
    assert client.get(path_of(pk)).json()["status"] == "SUCCESS"


@pytest.mark.parametrize("status", [Status.PENDING, Status.IN_PROGRESS, Status.SUCCESS])
def test_an_unfinished_or_successful_task_cannot_be_retried(
    client: APIClient, task_in: Callable[[str], int], status: str
) -> None:
    pk = task_in(status)
    before = client.get(path_of(pk)).json()
    body = refused(client.post(f"{path_of(pk)}retry/"), 409, "task_state_conflict")
    assert body["actual"] == status
    assert client.get(path_of(pk)).json() == before


def test_a_failed_task_shows_its_error(client: APIClient, task_in: Callable[[str], int]) -> None:
    task = client.get(path_of(task_in(Status.FAILED))).json()
    assert task["error_code"] == "encode_failed"
    assert task["error_message"] == "It could not be written."
    assert task["attempts"] == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_many_simultaneous_cancellations_succeeds(
    task_in: Callable[[str], int], user: Any, client_of: Any, at_once: Callable[..., list[Any]]
) -> None:
    pk = task_in(Status.PENDING)
    cancel = f"{path_of(pk)}cancel/"
    statuses = at_once(6, lambda number: client_of(user).post(cancel).status_code)
    assert sorted(statuses) == [200] + [409] * 5


# --- Delete


@pytest.mark.parametrize("status", list(Status))
def test_a_task_can_be_deleted_in_every_state(
    client: APIClient, task_in: Callable[[str], int], status: str
) -> None:
    pk = task_in(status)
    assert client.delete(path_of(pk)).status_code == 204
    refused(client.get(path_of(pk)), 404, "not_found")
    assert not TransformedImage.objects.exists()
    assert StoredObject.objects.count() == 1  # the object of the source image
    assert removal.sweep() == (1 if status == Status.SUCCESS else 0)
    worker.work("light")
    assert not TransformedImage.objects.exists()


def test_a_shared_file_is_deleted_with_its_last_task(
    client: APIClient, task_in: Callable[[str], int]
) -> None:
    first = task_in(Status.SUCCESS)
    second = task_in(Status.SUCCESS)
    assert client.delete(path_of(first)).status_code == 204
    assert removal.sweep() == 0
    answer = APIClient().get(client.get(path_of(second)).json()["result_url"])
    assert pictures.opened(b"".join(answer.streaming_content)).size == (64, 48)
    assert client.delete(path_of(second)).status_code == 204
    assert removal.sweep() == 1


def test_deleting_a_task_deletes_its_result(
    client: APIClient, task_in: Callable[[str], int]
) -> None:
    pk = task_in(Status.SUCCESS)
    result = client.get(path_of(pk)).json()["result_image"]
    client.delete(path_of(pk))
    refused(client.get(f"/api/v1/images/transformed/{result}/"), 404, "not_found")


def test_times_are_utc(client: APIClient, task_in: Callable[[str], int]) -> None:
    pk = task_in(Status.SUCCESS)
    TransformationTask.objects.filter(pk=pk).update(finished_at=Now())
    task = client.get(path_of(pk)).json()
    for name in ("queued_at", "started_at", "finished_at", "created_at", "updated_at"):
        assert task[name].endswith("Z"), name


@pytest.mark.parametrize("batch", ["987654321", "9223372036854775807"])
def test_tasks_of_an_unknown_batch(client: APIClient, batch: str) -> None:
    assert client.get(f"/api/v1/tasks/?batch={batch}").json()["results"] == []
    assert client.get(f"/api/v1/tasks/?original_image={batch}0").json()["results"] == []
    refused(client.post(f"/api/v1/tasks/retry-failed/?batch={batch}"), 404, "not_found")
    beyond = client.post(f"/api/v1/tasks/retry-failed/?batch={batch}0000000000")
    refused(beyond, 400, "invalid_input", "/batch")
