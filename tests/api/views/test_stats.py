"""`GET stats/` and `GET images/status/<id>/`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from rest_framework.test import APIClient

from image_processor.library.accounting import stats
from image_processor.models import Deletion, TransformationTask
from tests.builders import many, rows

PATH = "/api/v1/stats/"
NOTHING = dict.fromkeys(("PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCELLED"), 0)


def test_a_new_user_has_no_statistics(client: APIClient) -> None:
    shown = client.get(PATH).json()
    today = datetime.now(UTC).date()
    assert (shown["images"], shown["bytes"]) == (0, 0)
    tasks = shown["tasks"]
    assert tasks["by_status"] == NOTHING
    assert len(tasks["by_day"]) == 30
    assert abs(datetime.fromisoformat(tasks["by_day"][-1]["day"]).date() - today) < timedelta(2)
    assert tasks["since"] == f"{tasks['by_day'][0]['day']}T00:00:00Z"
    assert {str(day["tasks"]) for day in tasks["by_day"]} == {str(NOTHING)}
    assert shown["operations"] == []
    assert shown["seconds"] == {"measured": 0, "median": None, "percentile_95": None}


def test_statistics_follow_uploads_and_tasks(client: APIClient, user: Any, work_off: Any) -> None:
    image = rows.image(user)
    rows.tasks(image, 3)
    work_off()
    rows.task(image, [{"operation": "flip"}, {"operation": "resize", "params": {"width": 9}}])
    shown = client.get(PATH).json()
    assert shown["images"] == 1
    assert shown["bytes"] == client.get("/api/v1/usage/").json()["bytes_stored"]["used"] > 0
    assert shown["tasks"]["by_status"] == NOTHING | {"SUCCESS": 3, "PENDING": 1}
    assert sum(day["tasks"]["SUCCESS"] for day in shown["tasks"]["by_day"]) == 3
    assert shown["operations"] == [
        {"operation": "resize", "count": 4},
        {"operation": "flip", "count": 1},
    ]
    assert shown["seconds"]["measured"] == 3
    assert 0 < shown["seconds"]["median"] <= shown["seconds"]["percentile_95"]


def test_seconds_are_those_of_the_successful_attempt(client: APIClient, user: Any) -> None:
    image = many.image(user)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for seconds in range(1, 102):
        end = start + timedelta(seconds=seconds)
        many.task(image, attempts=1, started_at=start, finished_at=end)
    many.task(image, attempts=0, started_at=start, finished_at=start)  # reuses a stored result
    many.task(image, "FAILED", attempts=3, started_at=start, finished_at=start)
    assert client.get(PATH).json()["seconds"] == {
        "measured": 101,
        "median": 51,
        "percentile_95": 96,
    }


def test_days_are_utc_and_old_days_are_left_out(
    client: APIClient, user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Noon(datetime):
        """A time at which no day ends during the test."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return noon

    noon = datetime.now(UTC).replace(hour=12)
    monkeypatch.setattr(stats, "datetime", Noon)
    image = many.image(user)
    first = datetime.fromisoformat(client.get(PATH).json()["tasks"]["since"])
    cache.clear()
    for moment in (first - timedelta(seconds=1), first, first + timedelta(hours=23.99)):
        TransformationTask.objects.filter(pk=many.task(image).pk).update(created_at=moment)
    tasks = client.get(PATH).json()["tasks"]
    assert tasks["by_day"][0] == {
        "day": first.date().isoformat(),
        "tasks": NOTHING | {"SUCCESS": 2},
    }
    assert tasks["by_status"]["SUCCESS"] == 2


def test_operations_and_seconds_are_those_of_the_newest_tasks(
    client: APIClient, user: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(stats, "MOST_MEASURED", 2)
    image = many.image(user)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for name, seconds in (("blur", 1), ("flip", 2), ("flip", 4)):
        end = start + timedelta(seconds=seconds)
        steps = [{"operation": name}]
        many.task(image, attempts=1, started_at=start, finished_at=end, transformations=steps)
    shown = client.get(PATH).json()
    assert shown["tasks"]["by_status"] == NOTHING | {"SUCCESS": 3}
    assert shown["operations"] == [{"operation": "flip", "count": 2}]
    assert shown["seconds"]["measured"] == 2
    assert shown["seconds"]["median"] == 3


def test_images_that_are_being_deleted_do_not_count(client: APIClient, user: Any) -> None:
    image, _ = rows.image(user), rows.image(user)
    Deletion.objects.create(owner=user, image=image, queue="deletions")
    assert client.get(PATH).json()["images"] == 1


def test_rows_of_other_users_do_not_count(
    client: APIClient, client_of: Any, make_user: Any
) -> None:
    other = make_user()
    many.task(rows.image(other))
    shown = client_of(other).get(PATH).json()
    assert (shown["images"], shown["tasks"]["by_status"]["SUCCESS"]) == (1, 1)
    shown = client.get(PATH).json()
    assert (shown["images"], shown["tasks"]["by_status"]["SUCCESS"]) == (0, 0)


def test_statistics_are_cached_per_user(
    client: APIClient, user: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        first = client.get(PATH).json()
    rows.image(user)
    with django_assert_num_queries(0):
        assert client.get(PATH).json() == first
    cache.clear()
    assert client.get(PATH).json()["images"] == 1


def test_statistics_work_without_the_cache(client: APIClient, user: Any) -> None:
    rows.image(user)
    away = {
        "default": {
            "BACKEND": "utils.cache.TolerantRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    with override_settings(CACHES=away):
        assert client.get(PATH).json()["images"] == 1


def status_of(image: Any) -> str:
    return f"/api/v1/images/status/{image.pk}/"


def test_the_status_of_an_image_follows_its_tasks(
    client: APIClient, user: Any, django_assert_num_queries: Any
) -> None:
    image = many.image(user)
    many.task(many.image(user))
    for status in ("SUCCESS", "FAILED", "SUCCESS"):
        many.task(image, status)
    with django_assert_num_queries(2):
        answer = client.get(status_of(image))
    assert answer.json() == {
        "id": image.pk,
        "status": "ready",
        "error_code": None,
        "error_message": None,
        "analysis_status": "none",
        "tasks": NOTHING | {"SUCCESS": 2, "FAILED": 1},
    }
    again = client.get(status_of(image), HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304
    TransformationTask.objects.filter(status="FAILED").update(status="PENDING")
    changed = client.get(status_of(image), HTTP_IF_NONE_MATCH=answer["ETag"])
    assert changed.json()["tasks"] == NOTHING | {"SUCCESS": 2, "PENDING": 1}


@pytest.mark.parametrize("pk", ["x", "-1"])
def test_the_status_of_an_unknown_image_is_404(client: APIClient, pk: str) -> None:
    assert client.get(f"/api/v1/images/status/{pk}/").status_code == 404
