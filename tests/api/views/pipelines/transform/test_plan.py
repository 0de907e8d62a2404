"""`transform/plan/`: the expected result of a request, or its error; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from image_processor.models import SourceImage, TransformationTask
from tests.api.problems import refused
from tests.api.views.pipelines.transform.test_refused_pipelines import REFUSED
from tests.builders import pictures, rows
from tests.engine.builders import step


@pytest.fixture
def plan(client: APIClient, image: dict[str, Any]) -> Callable[..., Any]:
    def post(*steps: Any, **members: Any) -> Any:
        body = {"transformations": list(steps), **members}
        return client.post(f"/api/v1/images/{image['id']}/transform/plan/", body)

    return post


def test_the_plan_equals_the_task_and_its_result(
    client: APIClient, image: dict[str, Any], plan: Callable[..., Any], work_off: Any
) -> None:
    steps = [step("resize", width=32), step("rotate", degrees=90)]
    shown = plan(*steps, format="webp", quality=70).json()
    assert not TransformationTask.objects.exists()
    body = {"transformations": steps, "format": "webp", "quality": 70}
    asked = client.post(f"/api/v1/images/{image['id']}/transform/", body)
    task = TransformationTask.objects.get()
    assert (shown["format"], shown["quality"]) == ("WEBP", 70)
    assert (shown["queue"], shown["cost"]) == (task.queue, pytest.approx(task.cost))
    assert shown["exact"] is True
    assert shown["already_made"] is False
    assert shown["frames"] == 1
    assert shown["peak_bytes"] > 0
    assert shown["warnings"] == []
    assert [line.split()[0] for line in shown["steps"]] == ["decode", "geometry:", "write"]
    work_off()
    done = client.get(asked["Location"]).json()
    result = client.get(f"/api/v1/images/transformed/{done['result_image']}/").json()["metadata"]
    assert (shown["width"], shown["height"]) == (result["width"], result["height"]) == (24, 32)


def test_a_plan_writes_nothing(plan: Callable[..., Any], nothing_left: Any) -> None:
    with nothing_left(), CaptureQueriesContext(connection) as queries:
        assert plan(step("flip")).status_code == 200
    said = [query["sql"].split()[0] for query in queries]
    assert set(said) == {"SELECT"}
    assert len(said) == 5  # the image, its result, the quotas (two), the seconds


@pytest.mark.parametrize("name", REFUSED)
def test_a_plan_refuses_what_transform_refuses(
    client: APIClient, image: dict[str, Any], name: str
) -> None:
    body, status, code, pointer, _, _ = REFUSED[name]
    path = f"/api/v1/images/{image['id']}/transform/"
    data = json.dumps(body).encode()
    wanted, got = (
        client.generic("POST", each, data, "application/json") for each in (path, f"{path}plan/")
    )
    refused(got, status, code, pointer)
    told = [{**answer.json(), "request_id": None} for answer in (wanted, got)]
    assert told[0] == told[1]


@pytest.mark.parametrize("quota", ["TASKS_PER_MONTH", "CONCURRENT_TASKS"])
def test_a_plan_is_refused_if_the_quota_is_used_up(
    client: APIClient,
    image: dict[str, Any],
    plan: Callable[..., Any],
    settings: Any,
    quota: str,
) -> None:
    path = f"/api/v1/images/{image['id']}/transform/"
    setattr(settings, f"QUOTA_{quota}", 1)
    assert plan(step("mirror")).status_code == 200
    client.post(path, {"transformations": [step("flip")]})
    wanted = client.post(path, {"transformations": [step("mirror")]}).json()
    got = refused(plan(step("mirror")), 403, "quota_exceeded")
    assert {**wanted, "request_id": None} == {**got, "request_id": None}


def test_a_size_that_depends_on_the_pixels_is_marked_inexact(plan: Callable[..., Any]) -> None:
    shown = plan(step("trim")).json()
    assert (shown["exact"], shown["width"], shown["height"]) == (False, 64, 48)
    [warning] = shown["warnings"]
    assert warning["code"] == "size_not_exact"
    assert "64x48" in warning["detail"]
    assert "at most 64x48" in shown["steps"][-1]


def test_a_plan_warns_that_frames_are_lost(client: APIClient, upload: Any) -> None:
    frames = [pictures.noise(64, 48, seed=seed) for seed in (2, 3)]
    data = pictures.encoded(pictures.noise(64, 48), "GIF", save_all=True, append_images=frames)
    image = upload(client, data)
    path = f"/api/v1/images/{image['id']}/transform/plan/"
    body = {"transformations": [step("flip")]}
    assert client.post(path, body).json()["frames"] == 3
    shown = client.post(path, {**body, "format": "jpeg"}).json()
    assert (shown["frames"], shown["warnings"][0]["code"]) == (1, "first_frame_only")


def test_a_plan_shows_the_size_of_a_stored_result(
    client: APIClient, image: dict[str, Any], plan: Callable[..., Any], work_off: Any
) -> None:
    steps = [step("trim")]
    client.post(f"/api/v1/images/{image['id']}/transform/", {"transformations": steps})
    work_off()
    shown = plan(*steps).json()
    assert (shown["already_made"], shown["exact"], shown["warnings"]) == (True, True, [])
    assert shown["estimated_seconds"] == 0


def test_the_estimated_seconds_follow_recent_tasks(
    client: APIClient, user: Any, image: dict[str, Any], plan: Callable[..., Any], work_off: Any
) -> None:
    source = SourceImage.objects.get(pk=image["id"])
    for size in range(10, 15):
        shown = plan(step("resize", width=size)).json()
        assert shown["estimated_seconds"] is None
        rows.task(source, [step("resize", width=size)])
        work_off()
    moment: Any = Now()
    TransformationTask.objects.update(started_at=moment, finished_at=moment, cost=0.5)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE image_processor_transformationtask"
            " SET finished_at = started_at + interval '3 seconds'"
        )
    shown = plan(step("resize", width=20)).json()
    assert shown["estimated_seconds"] == pytest.approx(6 * shown["cost"], abs=0.01)
    TransformationTask.objects.update(queue="heavy")
    assert plan(step("resize", width=20)).json()["estimated_seconds"] is None


def test_a_plan_accepts_a_preset(client: APIClient, image: dict[str, Any]) -> None:
    client.post("/api/v1/presets/", {"name": "shop", "transformations": [step("flip")]})
    path = f"/api/v1/images/{image['id']}/transform/plan/"
    assert client.post(path, {"preset": "shop", "mode": "sync"}).json()["width"] == 64
    refused(client.post(path, {"preset": "other"}), 404, "unknown_preset", "/preset")


def test_a_plan_shows_the_requested_quality(plan: Callable[..., Any], settings: Any) -> None:
    assert plan(step("flip")).json()["quality"] == settings.DEFAULT_OUTPUT_QUALITY
    assert plan(step("flip"), quality="auto").json()["quality"] == "auto"
