"""Batches are cancelled and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import runner, transitions
from image_processor.jobs.claim import claim
from image_processor.models import Batch, TransformationTask
from outbox.models import Event
from tests.api.problems import refused
from tests.api.views.pipelines.batches.batch_requests import (
    BATCHES,
    NO_TASKS,
    RESIZE,
    create_batch,
    finished_events,
    get_batch,
)
from tests.builders.rows import run_deletions


def test_cancelling_a_batch_cancels_its_unfinished_tasks(
    client: APIClient, images: list[int]
) -> None:
    batch = create_batch(client, images)
    runner.run_next("light")
    running = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert running is not None
    answer = client.post(f"{BATCHES}{batch['id']}/cancel/")
    assert answer.json()["counts"] == {**NO_TASKS, "SUCCESS": 1, "CANCELLED": 3}
    assert answer.json()["finished_at"]
    assert not transitions.finish(running)
    assert Event.objects.filter(kind="task.cancelled").count() == 3
    assert len(finished_events()) == 1
    # A second cancellation changes nothing.
    assert client.post(f"{BATCHES}{batch['id']}/cancel/").json() == answer.json()
    assert len(finished_events()) == 1


def test_deleting_a_batch_keeps_its_tasks(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, images)
    path = f"{BATCHES}{batch['id']}/"
    runner.run_next("light")
    (task,) = client.get("/api/v1/tasks/?status=SUCCESS").json()["results"]
    etag = client.get(f"/api/v1/tasks/{task['id']}/")["ETag"]
    stale = client.get(path)["ETag"]
    client.post(f"{path}retry-failed/")
    assert client.delete(path, HTTP_IF_MATCH=stale).status_code == 204
    refused(client.get(path), 404, "not_found")
    after = client.get(f"/api/v1/tasks/{task['id']}/", HTTP_IF_NONE_MATCH=etag)
    assert after.json()["batch"] is None
    assert after.json()["result_url"]
    work_off()
    assert TransformationTask.objects.filter(status="SUCCESS").count() == 4
    assert finished_events() == []


def test_a_stale_deletion_is_refused(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, images)
    path = f"{BATCHES}{batch['id']}/"
    stale = client.get(path)["ETag"]
    work_off()
    refused(client.delete(path, HTTP_IF_MATCH=stale), 412, "precondition_failed")
    assert get_batch(client, batch)["total"] == 4


def test_deleting_an_account_deletes_its_batches(
    client: APIClient, user: Any, images: list[int]
) -> None:
    create_batch(client, images)
    client.post("/api/v1/presets/", {"name": "x", "transformations": RESIZE})
    user.set_password("a-long-pass-phrase-7")
    user.save()
    answer = client.delete("/api/v1/auth/user/", {"password": "a-long-pass-phrase-7"})
    assert answer.status_code == 204, answer.content
    run_deletions()
    assert not Batch.objects.exists()
