"""`GET usage/`: how much of each quota is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.models import Quota, StoredObject, Usage
from tests.builders import rows

PATH = "/api/v1/usage/"


def first_of_next_month() -> str:
    now = datetime.now(UTC)
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    return f"{year:04}-{month:02}-01T00:00:00Z"


def test_a_new_user_uses_nothing(client: APIClient) -> None:
    before = first_of_next_month()
    usage = client.get(PATH).json()
    # A month may end between the two requests.
    assert usage["tasks_this_month"].pop("resets_at") in (before, first_of_next_month())
    assert usage == {
        "bytes_stored": {"used": 0, "limit": 51_200 * 1024 * 1024},
        "tasks_this_month": {"used": 0, "limit": 100_000},
        "concurrent_tasks": {"used": 0, "limit": 10_000},
        "images": {"used": 0, "limit": 100_000},
    }
    assert not Usage.objects.exists()


def test_usage_follows_uploads_and_tasks(
    client: APIClient, user: Any, work_off: Callable[[], None]
) -> None:
    rows.tasks(rows.image(user), 3)
    usage = client.get(PATH).json()
    assert usage["tasks_this_month"]["used"] == 3
    assert usage["concurrent_tasks"]["used"] == 3
    work_off()
    usage = client.get(PATH).json()
    assert usage["tasks_this_month"]["used"] == 3
    assert usage["concurrent_tasks"]["used"] == 0
    stored = sum(StoredObject.objects.values_list("size_bytes", flat=True))
    assert usage["bytes_stored"]["used"] == stored > 0


def test_unlimited_is_null_and_an_operators_limits_are_shown(client: APIClient, user: Any) -> None:
    Quota.objects.create(owner=user, storage_mb=0, tasks_per_month=7)
    usage = client.get(PATH).json()
    assert usage["bytes_stored"]["limit"] is None
    assert usage["tasks_this_month"]["limit"] == 7
    assert usage["concurrent_tasks"]["limit"] == 10_000


@pytest.mark.parametrize("month", [date(2020, 1, 1), date(2020, 12, 1)])
def test_a_new_month_starts_at_0(client: APIClient, user: Any, month: date) -> None:
    image = rows.image(user)
    rows.tasks(image, 2)
    Quota.objects.create(owner=user, tasks_per_month=2)
    Usage.objects.update(month=month)
    assert client.get(PATH).json()["tasks_this_month"]["used"] == 0
    rows.task(image)
    usage = client.get(PATH).json()
    assert usage["tasks_this_month"]["used"] == 1
    assert usage["bytes_stored"]["used"] > 0


def test_usage_of_other_users_does_not_count(client: APIClient, make_user: Any) -> None:
    rows.tasks(rows.image(make_user()), 2)
    assert client.get(PATH).json()["tasks_this_month"]["used"] == 0


def test_usage_costs_two_queries_and_needs_no_cache(
    client: APIClient, user: Any, django_assert_num_queries: Any
) -> None:
    rows.tasks(rows.image(user), 2)
    with django_assert_num_queries(2):
        client.get(PATH)
