"""Failed tasks of a batch, or of a user, are retried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from image_processor.jobs import runner
from image_processor.models import Quota, TransformationTask
from tests.api.problems import refused
from tests.api.views.pipelines.batches.batch_requests import (
    BATCHES,
    CROP,
    NO_TASKS,
    create_batch,
    create_images,
    fail_all_tasks,
    finished_events,
    get_batch,
)


def test_retrying_a_batch_runs_its_failed_tasks_again(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, images)
    runner.run_next("light")
    fail_all_tasks()
    work_off()
    batch_path = f"{BATCHES}{batch['id']}/"
    answer = client.post(f"{batch_path}retry-failed/")
    assert answer.status_code == 200
    assert answer.json()["counts"] == {**NO_TASKS, "PENDING": 3, "SUCCESS": 1}
    assert answer.json()["finished_at"] is None
    work_off()
    assert get_batch(client, batch)["counts"] == {**NO_TASKS, "SUCCESS": 4}
    # Without a failed task a retry changes nothing.
    again = client.post(f"{batch_path}retry-failed/").json()
    assert again == get_batch(client, batch)


def test_each_retry_starts_another_run(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, images, CROP)
    work_off()
    first = get_batch(client, batch)
    assert (first["runs"], bool(first["finished_at"])) == (1, True)
    reopened = client.post(f"{BATCHES}{batch['id']}/retry-failed/").json()
    assert (reopened["runs"], reopened["finished_at"]) == (1, None)
    work_off()
    assert get_batch(client, batch)["runs"] == 2
    assert [event["run"] for event in finished_events()] == [1, 2]
    # A retry of a single task of the batch starts another run, too.
    (task,) = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=FAILED").json()["results"]
    client.post(f"/api/v1/tasks/{task['id']}/retry/")
    assert get_batch(client, batch)["finished_at"] is None
    client.post(f"/api/v1/tasks/{task['id']}/cancel/")
    assert [event["run"] for event in finished_events()] == [1, 2, 3]
    assert finished_events()[2]["cancelled"] == 1


def test_a_retry_over_the_quota_changes_nothing(
    client: APIClient, user: Any, images: list[int]
) -> None:
    batch = create_batch(client, images)
    fail_all_tasks()
    Quota.objects.create(owner=user, concurrent_tasks=3)
    for path in (f"{BATCHES}{batch['id']}/retry-failed/", "/api/v1/tasks/retry-failed/"):
        body = refused(client.post(path), 403, "quota_exceeded")
        assert (body["limit"], body["actual"]) == (3, 4)
    assert get_batch(client, batch)["counts"] == {**NO_TASKS, "FAILED": 4}


def test_retrying_all_failed_tasks_spares_those_of_other_users(
    client: APIClient, images: list[int], client_of: Any, make_user: Any, upload: Any
) -> None:
    first, second = (
        create_batch(client, images),
        create_batch(client, images[:1], [{"operation": "flip"}]),
    )
    other = client_of(make_user())
    create_batch(other, [upload(other)["id"]])
    fail_all_tasks()
    path = "/api/v1/tasks/retry-failed/"
    assert client.post(f"{path}?batch={second['id']}").json() == {"retried": 1, "more": False}
    assert get_batch(client, first)["counts"]["FAILED"] == 4
    assert client.post(path).json() == {"retried": 4, "more": False}
    assert client.post(path).json() == {"retried": 0, "more": False}
    assert TransformationTask.objects.filter(status="FAILED").count() == 1  # the other user's
    for wrong in ("x", "-1", "1.5", ""):
        refused(client.post(f"{path}?batch={wrong}"), 400, "invalid_input", "/batch")
    for unknown in (987_654, 10**17):
        refused(client.post(f"{path}?batch={unknown}"), 404, "not_found")


def test_one_request_retries_at_most_a_thousand_tasks(client: APIClient, user: Any) -> None:
    images = create_images(user, 1000)
    create_batch(client, images)
    create_batch(client, images[:5], [{"operation": "flip"}])
    TransformationTask.objects.update(status="FAILED", available_at=None)
    path = "/api/v1/tasks/retry-failed/"
    with CaptureQueriesContext(connection) as queries:
        assert client.post(path).json() == {"retried": 1000, "more": True}
    assert len(queries) <= 20
    assert client.post(path).json() == {"retried": 5, "more": False}
    positions = TransformationTask.objects.values_list("position", flat=True)
    assert len(set(positions)) == 1005
