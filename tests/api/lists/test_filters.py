"""Filters of images, results and tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.lists.list_requests import IMAGES, RESULTS, TASKS, list_ids
from tests.api.problems import refused
from tests.builders import many

FAR_EAST = timezone(timedelta(hours=17, minutes=17))


def test_filters_of_images(client: APIClient, user: Any, both_strategies: None) -> None:
    small = many.image(user, format="PNG", width=5, height=300, tags=["a b", "c"])
    large = many.image(user, format="JPEG", width=5000, height=20, tags=["a"])
    many.image(user, format="GIF", width=100, height=100)
    for query, wanted in (
        ({"format": "png"}, [small]),
        ({"min_width": 101}, [large]),
        ({"max_width": 99}, [small]),
        ({"min_height": 101}, [small]),
        ({"max_height": 99}, [large]),
        ({"tag": "a b"}, [small]),
        ({"tag": "a"}, [large]),
        ({"tag": "A"}, []),
        ({"tag": "a", "format": "png"}, []),
        ({"search": "a", "max_width": 10, "format": "png"}, [small]),
        ({"created_after": large.created_at.isoformat(), "format": "jpeg"}, [large]),
        ({"created_before": large.created_at.isoformat()}, [small]),
    ):
        assert list_ids(client, IMAGES, **query) == [row.pk for row in wanted], query


def test_filters_of_results(client: APIClient, user: Any, both_strategies: None) -> None:
    first, second = many.image(user), many.image(user)
    small = many.result(first, "small.png", width=5)
    large = many.result(second, "large.webp", width=500, format="WEBP", description="a view")
    newest = many.result(first, "newest.png")
    for query, wanted in (
        ({"source_image": first.pk}, [newest, small]),
        ({"source_image": first.pk, "search": "small"}, [small]),
        ({"source_image": second.pk, "format": "png"}, []),
        ({"format": "webp"}, [large]),
        ({"search": "view"}, [large]),
        ({"min_width": 6}, [newest, large]),
        ({"ordering": "name"}, [large, newest, small]),
        ({"ordering": "-name", "max_width": 10}, [small, newest]),
        ({"created_before": newest.created_at.isoformat()}, [large, small]),
        # PostgreSQL does not accept an offset this far from UTC.
        ({"created_before": newest.created_at.astimezone(FAR_EAST).isoformat()}, [large, small]),
    ):
        assert list_ids(client, RESULTS, **query) == [row.pk for row in wanted], query
    refused(client.get(RESULTS, {"source_image": "x"}), 400, "invalid_input", "/source_image")


def test_filters_of_tasks(client: APIClient, user: Any, both_strategies: None) -> None:
    first, second = many.image(user), many.image(user)
    old = many.task(first)
    failed = many.task(first, "FAILED")
    new = many.task(second)
    for query, wanted in (
        ({"created_after": failed.created_at.isoformat()}, [new, failed]),
        ({"created_before": new.created_at.isoformat(), "status": "SUCCESS"}, [old]),
        ({"original_image": first.pk, "status": "FAILED"}, [failed]),
        ({"original_image": first.pk}, [failed, old]),
        ({"status": "SUCCESS"}, [new, old]),
        ({"ids": f"{old.pk},{new.pk}", "original_image": second.pk}, [new]),
    ):
        assert list_ids(client, TASKS, **query) == [row.pk for row in wanted], query


def test_a_refused_filter_names_the_allowed_values(client: APIClient) -> None:
    for path, name, value, said in (
        (IMAGES, "ordering", "size", "-created, created, name, -name"),
        (IMAGES, "ordering", "name,created", "name"),
        (RESULTS, "ordering", "id", "-name"),
        (RESULTS, "format", "docx", "JPEG"),
        (TASKS, "status", "DONE", "PENDING, IN_PROGRESS, SUCCESS, FAILED, CANCELLED"),
        (TASKS, "created_after", "soon", ""),
        (TASKS, "created_after", "0001-01-01T00:00:00+14:00", "before the year 1"),
        (TASKS, "created_before", "9999-12-31T23:59:59-14:00", "after the year 9999"),
        (IMAGES, "format", "%s", "%S"),
        *((IMAGES, name, "", "empty") for name in ("ordering", "tag", "format", "max_height")),
        *((TASKS, name, "", "empty") for name in ("status", "batch", "created_before")),
    ):
        body = refused(client.get(path, {name: value}), 400, "invalid_input", f"/{name}")
        assert said in body["detail"]


def test_a_single_image_ignores_filters_and_search(client: APIClient, user: Any) -> None:
    image = many.image(user)
    assert client.get(f"{IMAGES}{image.pk}/?format=PNG&search=zzz").status_code == 200


@pytest.mark.parametrize("wrong", ["created_before=", "min_width=", "min_width=1.5", "format=x"])
def test_invalid_filter_values_are_refused(client: APIClient, wrong: str) -> None:
    name = wrong.partition("=")[0]
    body = refused(client.get(f"{IMAGES}?{wrong}"), 400, "invalid_input", f"/{name}")
    assert all(error["code"] for error in body["errors"])


def test_a_single_image_ignores_the_width_filter(
    client: APIClient, upload: Callable[..., dict[str, Any]]
) -> None:
    assert client.get(f"{IMAGES}{upload(client)['id']}/?min_width=5000").status_code == 200
