"""A batch counts its tasks and ends with the last of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from rest_framework.test import APIClient

from image_processor.jobs import runner
from image_processor.models import TransformationTask
from outbox.models import Event
from tests.api.views.pipelines.batches.batch_requests import (
    BATCHES,
    CROP,
    NO_TASKS,
    RESIZE,
    create_batch,
    finished_events,
    get_batch,
    post_batch,
)


def test_a_batch_counts_its_tasks_until_all_have_ended(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    answer = post_batch(client, images, format="webp", quality=60)
    batch = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{BATCHES}{batch['id']}/"
    assert batch["counts"] == {**NO_TASKS, "PENDING": 4}
    assert (batch["total"], batch["progress"], batch["finished_at"]) == (4, 0, None)
    assert (batch["transformations"], batch["format"], batch["quality"]) == (RESIZE, "WEBP", 60)
    tasks = client.get(f"/api/v1/tasks/?batch={batch['id']}").json()["results"]
    assert sorted(task["original_image"] for task in tasks) == sorted(images)
    assert {task["batch"] for task in tasks} == {batch["id"]}
    runner.run_next("light")
    half = get_batch(client, batch)
    assert half["counts"] == {**NO_TASKS, "PENDING": 3, "SUCCESS": 1}
    assert (half["progress"], half["finished_at"]) == (0.25, None)
    assert finished_events() == []
    work_off()
    done = get_batch(client, batch)
    assert done["counts"] == {**NO_TASKS, "SUCCESS": 4}
    assert (done["total"], done["progress"], done["runs"]) == (4, 1, 1)
    assert done["finished_at"]
    assert client.get(BATCHES).json()["results"] == [done]
    assert finished_events() == [
        {
            "batch": batch["id"],
            "run": 1,
            "total": 4,
            "succeeded": 4,
            "failed": 0,
            "cancelled": 0,
        }
    ]


def test_one_image_that_does_not_fit_the_steps_fails_alone(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, images, CROP)
    assert batch["counts"] == {**NO_TASKS, "PENDING": 3, "FAILED": 1}
    alone = client.post(f"/api/v1/images/{images[3]}/transform/", {"transformations": CROP}).json()
    (task,) = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=FAILED").json()["results"]
    assert task["original_image"] == images[3]
    assert (task["error_code"], task["error_message"]) == (alone["code"], alone["detail"])
    assert task["finished_at"]
    assert task["started_at"] is None
    work_off()
    assert get_batch(client, batch)["counts"] == {**NO_TASKS, "SUCCESS": 3, "FAILED": 1}
    failed = Event.objects.get(kind="task.failed")
    assert failed.payload == {"task": task["id"], "code": "crop_outside_image"}
    # A retry of the failed task ends the same way.
    client.post(f"{BATCHES}{batch['id']}/retry-failed/")
    work_off()
    assert get_batch(client, batch)["counts"] == {**NO_TASKS, "SUCCESS": 3, "FAILED": 1}
    task = client.get(f"/api/v1/tasks/{task['id']}/").json()
    assert (task["error_code"], task["error_message"]) == (alone["code"], alone["detail"])


def test_a_batch_without_a_possible_task_ends_at_once(client: APIClient, images: list[int]) -> None:
    batch = create_batch(client, images[3:], CROP)
    assert batch["counts"] == {**NO_TASKS, "FAILED": 1}
    assert batch["finished_at"]
    assert [event["failed"] for event in finished_events()] == [1]


def test_images_with_stored_results_succeed_at_once(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    create_batch(client, images[:2])
    work_off()
    batch = create_batch(client, images)
    assert batch["counts"] == {**NO_TASKS, "SUCCESS": 2, "PENDING": 2}
    ready = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=SUCCESS").json()["results"]
    assert len(ready) == 2
    assert all(task["result_url"] and task["progress"] == 1 for task in ready)
    again = create_batch(client, images[:2])
    assert again["counts"] == {**NO_TASKS, "SUCCESS": 2}
    assert again["finished_at"]
    assert len(finished_events()) == 2


def test_a_preset_replaces_the_steps(client: APIClient, images: list[int]) -> None:
    client.post("/api/v1/presets/", {"name": "shop", "transformations": RESIZE, "format": "png"})
    batch = client.post(BATCHES, {"image_ids": images, "preset": "shop"}).json()
    assert (batch["transformations"], batch["format"]) == (RESIZE, "PNG")
    assert set(TransformationTask.objects.values_list("format", flat=True)) == {"PNG"}


def test_the_etag_changes_with_the_counts(client: APIClient, images: list[int]) -> None:
    path = f"{BATCHES}{create_batch(client, images)['id']}/"
    etag = client.get(path)["ETag"]
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 304
    runner.run_next("light")
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_counts_and_end_come_from_one_snapshot(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, images)

    def end_after_the_first_read(execute: Any, sql: str, *args: Any) -> Any:
        answer = execute(sql, *args)
        if not seen and '"image_processor_batch"."finished_at"' in sql:
            seen.append(sql)
            work_off()
        return answer

    seen: list[str] = []
    with connection.execute_wrapper(end_after_the_first_read):
        during = get_batch(client, batch)
    assert seen
    assert (during["counts"], during["finished_at"]) == ({**NO_TASKS, "PENDING": 4}, None)
    after = get_batch(client, batch)
    assert after["counts"] == {**NO_TASKS, "SUCCESS": 4}
    assert after["finished_at"]


def test_deleting_the_last_unfinished_task_ends_the_batch(
    client: APIClient, images: list[int]
) -> None:
    batch = create_batch(client, images)
    for _ in range(2):
        runner.run_next("light")
    left = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=PENDING").json()["results"]
    client.delete(f"/api/v1/tasks/{left[0]['id']}/")
    assert get_batch(client, batch)["finished_at"] is None
    client.delete(f"/api/v1/images/{left[1]['original_image']}/")
    ended = get_batch(client, batch)
    assert (ended["total"], ended["counts"]["SUCCESS"], ended["progress"]) == (2, 2, 1)
    assert ended["finished_at"]
    assert [event["total"] for event in finished_events()] == [2]
