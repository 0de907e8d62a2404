"""Batches: made in few queries, counted, stopped, tried again; what is refused and why."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from image_processor import tasks as worker
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import transitions
from image_processor.jobs.claim import claim
from image_processor.library import batch_ends
from image_processor.models import Batch, Quota, SourceImage, TransformationTask
from image_processor.transform import task_actions
from outbox.models import Event
from tests.api.locks import until_waiting
from tests.api.problems import refused
from tests.builders import pictures, rows
from tests.threads import await_end

BATCHES = "/api/v1/batches/"
SMALL = [{"operation": "resize", "params": {"width": 20, "height": 15}}]
# What the small ones of `images` are too small for.
CROP = [{"operation": "crop", "params": {"x": 0, "y": 0, "width": 60, "height": 40}}]
NONE = {"PENDING": 0, "IN_PROGRESS": 0, "SUCCESS": 0, "FAILED": 0, "CANCELLED": 0}


@pytest.fixture
def images(client: APIClient, upload: Callable[..., dict[str, Any]]) -> list[int]:
    """Three of 64 x 48 pixels and one of 32 x 24."""
    large = [upload(client, pictures.jpeg(64, 48, seed=n))["id"] for n in range(3)]
    return [*large, upload(client, pictures.jpeg(32, 24))["id"]]


def many(owner: Any, count: int) -> list[int]:
    """Rows of images that all look at one object."""
    first = rows.image(owner)
    fields = {name: getattr(first, name) for name in ("owner_id", "stored_object_id", "file_name")}
    copies = [
        SourceImage(**fields, metadata={**first.metadata, "sha256": f"{n:064x}"})
        for n in range(count - 1)
    ]
    return [first.pk, *(image.pk for image in SourceImage.objects.bulk_create(copies))]


def ask(client: APIClient, images: Any, steps: Any = SMALL, **body: Any) -> Any:
    return client.post(BATCHES, {"image_ids": images, "transformations": steps, **body})


def made(client: APIClient, images: Any, steps: Any = SMALL, **body: Any) -> dict[str, Any]:
    answer = ask(client, images, steps, **body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def shown(client: APIClient, batch: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"{BATCHES}{batch['id']}/").json()


def finished_events() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="batch.finished").values_list("payload", flat=True))


def fail_all() -> None:
    while (job := claim(TransformationTask, "light", release=ENGINE_RELEASE)) is not None:
        transitions.fail(job, "encode_failed", "It could not be written.")


def test_a_batch_from_its_making_to_its_end(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    answer = ask(client, images, format="webp", quality=60)
    batch = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{BATCHES}{batch['id']}/"
    assert batch["counts"] == {**NONE, "PENDING": 4}
    assert (batch["total"], batch["progress"], batch["finished_at"]) == (4, 0, None)
    assert (batch["transformations"], batch["format"], batch["quality"]) == (SMALL, "WEBP", 60)
    task_actions = client.get(f"/api/v1/tasks/?batch={batch['id']}").json()["results"]
    assert sorted(task["original_image"] for task in task_actions) == sorted(images)
    assert {task["batch"] for task in task_actions} == {batch["id"]}
    worker.work("light")
    half = shown(client, batch)
    assert half["counts"] == {**NONE, "PENDING": 3, "SUCCESS": 1}
    assert (half["progress"], half["finished_at"]) == (0.25, None)
    assert finished_events() == []
    work_off()
    done = shown(client, batch)
    assert done["counts"] == {**NONE, "SUCCESS": 4}
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


def test_who_has_a_batch_waiting_need_not_wait_for_it(
    client: APIClient, user: Any, upload: Callable[..., dict[str, Any]]
) -> None:
    made(client, many(user, 50))
    waiting = [claim(TransformationTask, "light", release=ENGINE_RELEASE) for _ in range(5)]
    single = rows.task(SourceImage.objects.get(pk=upload(client)["id"]))
    served = [claim(TransformationTask, "light", release=ENGINE_RELEASE) for _ in range(2)]
    assert single in served
    assert {task.batch_id for task in served if task and task != single} == {waiting[0].batch_id}


def test_an_image_that_cannot_be_done_does_not_sink_the_others(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = made(client, images, CROP)
    assert batch["counts"] == {**NONE, "PENDING": 3, "FAILED": 1}
    alone = client.post(f"/api/v1/images/{images[3]}/transform/", {"transformations": CROP}).json()
    (task,) = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=FAILED").json()["results"]
    assert task["original_image"] == images[3]
    assert (task["error_code"], task["error_message"]) == (alone["code"], alone["detail"])
    assert task["finished_at"]
    assert task["started_at"] is None
    work_off()
    assert shown(client, batch)["counts"] == {**NONE, "SUCCESS": 3, "FAILED": 1}
    failed = Event.objects.get(kind="task.failed")
    assert failed.payload == {"task": task["id"], "code": "crop_outside_image"}
    # Tried again, it ends the same way.
    client.post(f"{BATCHES}{batch['id']}/retry-failed/")
    work_off()
    assert shown(client, batch)["counts"] == {**NONE, "SUCCESS": 3, "FAILED": 1}
    task = client.get(f"/api/v1/tasks/{task['id']}/").json()
    assert (task["error_code"], task["error_message"]) == (alone["code"], alone["detail"])


def test_a_batch_of_which_nothing_can_be_done_has_ended(
    client: APIClient, images: list[int]
) -> None:
    batch = made(client, images[3:], CROP)
    assert batch["counts"] == {**NONE, "FAILED": 1}
    assert batch["finished_at"]
    assert [event["failed"] for event in finished_events()] == [1]


def test_results_that_are_stored_are_there_at_once(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    made(client, images[:2])
    work_off()
    batch = made(client, images)
    assert batch["counts"] == {**NONE, "SUCCESS": 2, "PENDING": 2}
    ready = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=SUCCESS").json()["results"]
    assert len(ready) == 2
    assert all(task["result_url"] and task["progress"] == 1 for task in ready)
    again = made(client, images[:2])
    assert again["counts"] == {**NONE, "SUCCESS": 2}
    assert again["finished_at"]
    assert len(finished_events()) == 2


def test_the_queries_do_not_grow_with_the_images(client: APIClient, user: Any) -> None:
    few, thousand = many(user, 10), many(user, 1000)
    with CaptureQueriesContext(
        connection,
    ) as of_few:
        made(client, few)
    with CaptureQueriesContext(connection) as of_thousand:
        batch = made(client, thousand)
    assert batch["counts"] == {**NONE, "PENDING": 1000}
    # One more INSERT: they hold 500 rows each.
    assert len(of_thousand) == len(of_few) + 1
    assert len(of_thousand) <= 30
    with CaptureQueriesContext(connection) as of_show:
        shown(client, batch)
    assert len(of_show) <= 4
    with CaptureQueriesContext(connection) as of_cancel:
        client.post(f"{BATCHES}{batch['id']}/cancel/")
    assert len(of_cancel) <= 20
    assert shown(client, batch)["counts"] == {**NONE, "CANCELLED": 1000}


def test_a_batch_holds_up_nobody_else(
    client: APIClient, user: Any, client_of: Any, make_user: Any, upload: Any
) -> None:
    made(client, many(user, 50))
    worker.work("light")
    other = client_of(make_user())
    image = upload(other)["id"]
    task = other.post(f"/api/v1/images/{image}/transform/", {"transformations": SMALL}).json()
    for _ in range(2):
        worker.work("light")
    assert other.get(f"/api/v1/tasks/{task['id']}/").json()["status"] == "SUCCESS"


REFUSED: dict[str, tuple[dict[str, Any], int, str, str | None]] = {
    "no images": ({}, 400, "invalid_pipeline", "/image_ids"),
    "both": ({"image_ids": [1], "filter": {}}, 400, "invalid_pipeline", "/image_ids"),
    "an empty list": ({"image_ids": []}, 422, "no_images", None),
    "not a list": ({"image_ids": 7}, 400, "invalid_pipeline", "/image_ids"),
    "not an id": ({"image_ids": ["7"]}, 400, "invalid_pipeline", "/image_ids/0"),
    "true": ({"image_ids": [True]}, 400, "invalid_pipeline", "/image_ids/0"),
    "below 1": ({"image_ids": [0]}, 400, "invalid_pipeline", "/image_ids/0"),
    "too large": ({"image_ids": [2**63]}, 400, "invalid_pipeline", "/image_ids/0"),
    "twice": ({"image_ids": [5, 6, 5]}, 400, "invalid_pipeline", "/image_ids/2"),
    "too many": ({"image_ids": list(range(1, 1002))}, 422, "too_many_images", None),
    "unknown": ({"image_ids": [987_654]}, 404, "unknown_image", "/image_ids/0"),
    "filter: list": ({"filter": []}, 400, "invalid_pipeline", "/filter"),
    "filter: unknown": ({"filter": {"colour": 1}}, 400, "invalid_pipeline", "/filter/colour"),
    "filter: empty": ({"filter": {"format": ""}}, 400, "invalid_pipeline", "/filter/format"),
    "filter: true": ({"filter": {"tag": True}}, 400, "invalid_pipeline", "/filter/tag"),
    "filter: format": ({"filter": {"format": "docx"}}, 400, "invalid_input", "/filter/format"),
    "filter: number": ({"filter": {"min_width": -1}}, 400, "invalid_input", "/filter/min_width"),
    "filter: time": (
        {"filter": {"created_after": "soon"}},
        400,
        "invalid_input",
        "/filter/created_after",
    ),
    "filter: none fits": ({"filter": {"min_width": 9999}}, 422, "no_images", None),
    "unknown member": ({"image_ids": [1], "mode": 1}, 400, "invalid_pipeline", "/mode"),
    "unknown preset": ({"image_ids": [1], "preset": "x"}, 404, "unknown_preset", "/preset"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(client: APIClient, images: list[int], name: str) -> None:
    body, status, code, pointer = REFUSED[name]
    steps = {} if "preset" in body else {"transformations": SMALL}
    refused(client.post(BATCHES, {**steps, **body}), status, code, pointer)
    assert not Batch.objects.exists()
    assert not TransformationTask.objects.exists()


def test_a_bad_pipeline_is_refused_as_elsewhere(client: APIClient, images: list[int]) -> None:
    bad = [{"operation": "resize", "params": {"width": 0}}]
    answer = ask(client, images, bad, quality=0)
    body = refused(answer, 400, "invalid_pipeline", "/transformations/0/params/width")
    assert "/quality" in [error["pointer"] for error in body["errors"]]
    refused(ask(client, images, []), 400, "invalid_pipeline", "/transformations")
    assert not Batch.objects.exists()


def test_another_s_image_is_like_none(
    client: APIClient, images: list[int], client_of: Any, make_user: Any, upload: Any
) -> None:
    stranger = client_of(make_user())
    own = upload(stranger)["id"]
    body = refused(ask(stranger, [own, *images, 987_654]), 404, "unknown_image", "/image_ids/1")
    assert [error["pointer"] for error in body["errors"]] == [
        f"/image_ids/{n}" for n in range(1, 6)
    ]
    assert len({error["detail"].replace(str(error["actual"]), "") for error in body["errors"]}) == 1
    assert not Batch.objects.exists()


def test_an_image_without_a_picture_is_named(client: APIClient, images: list[int]) -> None:
    SourceImage.objects.filter(pk=images[1]).update(status="importing", stored_object=None)
    refused(ask(client, images), 409, "image_not_ready", "/image_ids/1")
    batch = client.post(BATCHES, {"filter": {}, "transformations": SMALL}).json()
    assert batch["total"] == 3


def test_a_preset_stands_in_place_of_the_steps(client: APIClient, images: list[int]) -> None:
    client.post("/api/v1/presets/", {"name": "shop", "transformations": SMALL, "format": "png"})
    batch = client.post(BATCHES, {"image_ids": images, "preset": "shop"}).json()
    assert (batch["transformations"], batch["format"]) == (SMALL, "PNG")
    assert set(TransformationTask.objects.values_list("format", flat=True)) == {"PNG"}


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0, 1, 2, 3]),
    ({"min_width": 33}, [0, 1, 2]),
    ({"min_width": "33"}, [0, 1, 2]),
    ({"max_width": 63}, [3]),
    ({"min_height": 48, "max_height": 48}, [0, 1, 2]),
    ({"format": "jpg"}, [0, 1, 2, 3]),
    ({"tag": "summer"}, [1]),
    ({"search": "sea pho"}, [1]),
    ({"created_after": "2020-01-01T00:00:00Z"}, [0, 1, 2, 3]),
    ({"created_after": "2020-01-01", "max_width": 32}, [3]),
]


@pytest.mark.parametrize(("conditions", "fitting"), FILTERS, ids=str)
def test_a_filter_means_the_same_in_a_batch_and_in_the_list(
    client: APIClient, images: list[int], conditions: dict[str, Any], fitting: list[int]
) -> None:
    client.patch(f"/api/v1/images/{images[1]}/", {"tags": ["summer", "sea"]})
    expected = sorted(images[n] for n in fitting)
    listed = client.get("/api/v1/images/", conditions).json()["results"]
    assert sorted(image["id"] for image in listed) == expected
    client.post(BATCHES, {"filter": conditions, "transformations": SMALL})
    found = TransformationTask.objects.values_list("original_image_id", flat=True)
    assert sorted(found) == expected


def test_a_filter_that_fits_too_many_is_refused_without_counting_them(
    client: APIClient, user: Any
) -> None:
    many(user, 1005)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(BATCHES, {"filter": {}, "transformations": SMALL})
    body = refused(answer, 422, "too_many_images")
    assert (body["limit"], body["actual"]) == (1000, 1001)
    assert "at least 1001" in body["detail"]
    assert not any("count(" in query["sql"].lower() for query in queries)
    assert any("LIMIT 1001" in query["sql"] for query in queries)


@pytest.mark.parametrize("quota", ["concurrent_tasks", "tasks_per_month"])
def test_all_of_it_fits_into_the_quota_or_none(
    client: APIClient, user: Any, images: list[int], quota: str
) -> None:
    Quota.objects.create(owner=user, **{quota: 5})
    made(client, images[:2])
    before = client.get("/api/v1/usage/").json()
    body = refused(ask(client, images, [{"operation": "flip"}]), 403, "quota_exceeded")
    assert (body["limit"], body["actual"]) == (5, 6)
    assert client.get("/api/v1/usage/").json() == before
    assert Batch.objects.count() == 1
    assert made(client, images[:3], [{"operation": "flip"}])["total"] == 3


@pytest.mark.django_db(transaction=True)
def test_of_batches_at_once_only_those_that_fit_are_made(
    client: APIClient, user: Any, images: list[int], client_of: Any, at_once: Any
) -> None:
    Quota.objects.create(owner=user, concurrent_tasks=9)
    answers = at_once(5, lambda number: ask(client_of(user), images, quality=number + 1))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 403, 403, 403]
    assert TransformationTask.objects.count() == 8


def test_failed_ones_are_tried_again(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = made(client, images)
    worker.work("light")
    fail_all()
    work_off()
    batch_path = f"{BATCHES}{batch['id']}/"
    answer = client.post(f"{batch_path}retry-failed/")
    assert answer.status_code == 200
    assert answer.json()["counts"] == {**NONE, "PENDING": 3, "SUCCESS": 1}
    assert answer.json()["finished_at"] is None
    work_off()
    assert shown(client, batch)["counts"] == {**NONE, "SUCCESS": 4}
    # Nothing left to retry: nothing happens.
    again = client.post(f"{batch_path}retry-failed/").json()
    assert again == shown(client, batch)


def test_a_retry_is_another_run(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = made(client, images, CROP)
    work_off()
    first = shown(client, batch)
    assert (first["runs"], bool(first["finished_at"])) == (1, True)
    reopened = client.post(f"{BATCHES}{batch['id']}/retry-failed/").json()
    assert (reopened["runs"], reopened["finished_at"]) == (1, None)
    work_off()
    assert shown(client, batch)["runs"] == 2
    assert [event["run"] for event in finished_events()] == [1, 2]
    # So is that of a single task of it.
    (task,) = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=FAILED").json()["results"]
    client.post(f"/api/v1/tasks/{task['id']}/retry/")
    assert shown(client, batch)["finished_at"] is None
    client.post(f"/api/v1/tasks/{task['id']}/cancel/")
    assert [event["run"] for event in finished_events()] == [1, 2, 3]
    assert finished_events()[2]["cancelled"] == 1


def test_retrying_fits_into_the_quota_or_does_nothing(
    client: APIClient, user: Any, images: list[int]
) -> None:
    batch = made(client, images)
    fail_all()
    Quota.objects.create(owner=user, concurrent_tasks=3)
    for path in (f"{BATCHES}{batch['id']}/retry-failed/", "/api/v1/tasks/retry-failed/"):
        body = refused(client.post(path), 403, "quota_exceeded")
        assert (body["limit"], body["actual"]) == (3, 4)
    assert shown(client, batch)["counts"] == {**NONE, "FAILED": 4}


def test_all_failed_tasks_are_tried_again(
    client: APIClient, images: list[int], client_of: Any, make_user: Any, upload: Any
) -> None:
    first, second = made(client, images), made(client, images[:1], [{"operation": "flip"}])
    other = client_of(make_user())
    made(other, [upload(other)["id"]])
    fail_all()
    path = "/api/v1/tasks/retry-failed/"
    assert client.post(f"{path}?batch={second['id']}").json() == {"retried": 1, "more": False}
    assert shown(client, first)["counts"]["FAILED"] == 4
    assert client.post(path).json() == {"retried": 4, "more": False}
    assert client.post(path).json() == {"retried": 0, "more": False}
    assert TransformationTask.objects.filter(status="FAILED").count() == 1  # the other user's
    for wrong in ("x", "-1", "1.5", ""):
        refused(client.post(f"{path}?batch={wrong}"), 400, "invalid_input", "/batch")
    for unknown in (987_654, 10**17):
        refused(client.post(f"{path}?batch={unknown}"), 404, "not_found")


def test_more_than_a_thousand_are_tried_again_a_thousand_at_a_time(
    client: APIClient, user: Any
) -> None:
    images = many(user, 1000)
    made(client, images)
    made(client, images[:5], [{"operation": "flip"}])
    TransformationTask.objects.update(status="FAILED", available_at=None)
    path = "/api/v1/tasks/retry-failed/"
    with CaptureQueriesContext(connection) as queries:
        assert client.post(path).json() == {"retried": 1000, "more": True}
    assert len(queries) <= 20
    assert client.post(path).json() == {"retried": 5, "more": False}
    positions = TransformationTask.objects.values_list("position", flat=True)
    assert len(set(positions)) == 1005


def test_cancelling_stops_what_has_not_ended(client: APIClient, images: list[int]) -> None:
    batch = made(client, images)
    worker.work("light")
    running = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert running is not None
    answer = client.post(f"{BATCHES}{batch['id']}/cancel/")
    assert answer.json()["counts"] == {**NONE, "SUCCESS": 1, "CANCELLED": 3}
    assert answer.json()["finished_at"]
    assert not transitions.finish(running)
    assert Event.objects.filter(kind="task.cancelled").count() == 3
    assert len(finished_events()) == 1
    # Once more does nothing more.
    assert client.post(f"{BATCHES}{batch['id']}/cancel/").json() == answer.json()
    assert len(finished_events()) == 1


def test_deleting_takes_the_grouping_away(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = made(client, images)
    path = f"{BATCHES}{batch['id']}/"
    worker.work("light")
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
    batch = made(client, images)
    path = f"{BATCHES}{batch['id']}/"
    stale = client.get(path)["ETag"]
    work_off()
    refused(client.delete(path, HTTP_IF_MATCH=stale), 412, "precondition_failed")
    assert shown(client, batch)["total"] == 4


def test_the_etag_tells_of_the_counts(client: APIClient, images: list[int]) -> None:
    path = f"{BATCHES}{made(client, images)['id']}/"
    etag = client.get(path)["ETag"]
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 304
    worker.work("light")
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_counts_and_the_end_are_of_one_moment(
    client: APIClient, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = made(client, images)

    def end_after_the_first_read(execute: Any, sql: str, *args: Any) -> Any:
        answer = execute(sql, *args)
        if not seen and '"image_processor_batch"."finished_at"' in sql:
            seen.append(sql)
            work_off()
        return answer

    seen: list[str] = []
    with connection.execute_wrapper(end_after_the_first_read):
        during = shown(client, batch)
    assert seen
    assert (during["counts"], during["finished_at"]) == ({**NONE, "PENDING": 4}, None)
    after = shown(client, batch)
    assert after["counts"] == {**NONE, "SUCCESS": 4}
    assert after["finished_at"]


def test_it_ends_with_the_deletion_of_the_last_unfinished(
    client: APIClient, images: list[int]
) -> None:
    batch = made(client, images)
    for _ in range(2):
        worker.work("light")
    left = client.get(f"/api/v1/tasks/?batch={batch['id']}&status=PENDING").json()["results"]
    client.delete(f"/api/v1/tasks/{left[0]['id']}/")
    assert shown(client, batch)["finished_at"] is None
    client.delete(f"/api/v1/images/{left[1]['original_image']}/")
    ended = shown(client, batch)
    assert (ended["total"], ended["counts"]["SUCCESS"], ended["progress"]) == (2, 2, 1)
    assert ended["finished_at"]
    assert [event["total"] for event in finished_events()] == [2]


def test_an_account_goes_with_its_batches_and_presets(
    client: APIClient, user: Any, images: list[int]
) -> None:
    made(client, images)
    client.post("/api/v1/presets/", {"name": "x", "transformations": SMALL})
    user.set_password("a-long-pass-phrase-7")
    user.save()
    answer = client.delete("/api/v1/auth/user/", {"password": "a-long-pass-phrase-7"})
    assert answer.status_code == 204, answer.content
    assert not Batch.objects.exists()


def test_it_counts_once_against_the_rate(
    client: APIClient, images: list[int], settings: Any
) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "transform": "2/day"}
    batch = made(client, images)
    made(client, images)
    refused(ask(client, images), 429, "rate_limited")
    assert shown(client, batch)["total"] == 4


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_of_two_that_end_at_the_same_moment_the_second_ends_the_batch(
    client: APIClient, images: list[int]
) -> None:
    """Neither sees what the other has not committed, so the second has to wait for the first."""
    batch = made(client, images[:2])
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    with transaction.atomic():
        transitions.fail(job, "encode_failed", "It could not be written.")
        batch_ends.settle(batch["id"])
        second = in_thread(lambda: worker.work("light"))
        until_waiting(1)
        assert finished_events() == []
    await_end(second)
    assert shown(client, batch)["finished_at"]
    (event,) = finished_events()
    assert (event["succeeded"], event["failed"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_retry_at_the_moment_of_the_end_keeps_the_batch_open(
    client: APIClient, user: Any, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = made(client, [images[0], images[3]], CROP)  # the second is FAILED
    with transaction.atomic():
        assert task_actions.retry_failed(user.pk, batch_id=batch["id"]) == (1, False)
        last = in_thread(lambda: worker.work("light"))
        until_waiting(1)
    await_end(last)
    half = shown(client, batch)
    assert half["counts"] == {**NONE, "PENDING": 1, "SUCCESS": 1}
    assert half["finished_at"] is None
    assert finished_events() == []
    work_off()
    assert [event["run"] for event in finished_events()] == [1]


@pytest.mark.django_db(transaction=True)
def test_many_workers_end_a_batch_once(client: APIClient, user: Any, at_once: Any) -> None:
    source = rows.image(user)
    batches = [made(client, [source.pk], SMALL, quality=n + 1) for n in range(3)]
    many_images = many(user, 6)
    SourceImage.objects.filter(pk__in=many_images).update(metadata=source.metadata)
    whole = made(client, many_images)
    at_once(9, lambda number: worker.work("light"))
    assert len(finished_events()) == 4
    assert {event["batch"] for event in finished_events()} == {
        whole["id"],
        *(batch["id"] for batch in batches),
    }


@pytest.mark.parametrize("wrong", ["created_before=", "min_width=", "min_width=1.5", "format=x"])
def test_a_filter_that_says_nothing_is_refused(client: APIClient, wrong: str) -> None:
    name = wrong.partition("=")[0]
    body = refused(client.get(f"/api/v1/images/?{wrong}"), 400, "invalid_input", f"/{name}")
    assert all(error["code"] for error in body["errors"])


def test_filters_are_for_lists_only(client: APIClient, images: list[int]) -> None:
    assert client.get(f"/api/v1/images/{images[0]}/?min_width=5000").status_code == 200
