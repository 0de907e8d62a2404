"""Pages of ordered, filtered and searched lists stay true."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.lists import listing
from image_processor.models import SourceImage
from tests.api.lists.list_requests import IMAGES, RESULTS, TASKS, list_ids
from tests.api.problems import refused
from tests.builders import many

QUERIES = [
    {},
    {"format": "jpeg"},
    {"search": "same"},
    {"ordering": "created"},
    {"ordering": "-created"},
    {"ordering": "name"},
    {"ordering": "-name"},
    {"ordering": "name", "search": "same"},
    {"ordering": "-created", "max_width": 10},
    {"created_after": "2020-01-01T00:00:00Z", "tag": "t"},
]


@pytest.mark.parametrize("query", QUERIES, ids=urlencode)
def test_pages_show_every_row_once_while_rows_are_added_and_deleted(
    client: APIClient, user: Any, both_strategies: None, query: dict[str, str]
) -> None:
    """Several rows have the same name and the same time."""
    rows = [many.image(user, "same.jpg", description="same", tags=["t"]) for _ in range(7)]
    rows += [many.image(user, f"same {n}.jpg", tags=["t"]) for n in (3, 1, 2)]
    SourceImage.objects.filter(pk__in=[row.pk for row in rows[2:6]]).update(
        created_at=rows[2].created_at
    )
    whole = list_ids(client, IMAGES, **query)
    assert sorted(whole) == [row.pk for row in rows]
    page = client.get(IMAGES, {**query, "page_size": 3}).json()
    shown, pages = [], []
    while True:
        pages.append([row["id"] for row in page["results"]])
        shown += pages[-1]
        # Add rows before and after the rest of the list; delete a row that was shown.
        many.image(user, "same 0", tags=["t"])
        many.image(user, "same", tags=["t"])
        SourceImage.objects.filter(pk=shown[-1]).delete()
        if page["next"] is None or len(shown) >= 9:
            break
        page = client.get(page["next"]).json()
    assert [pk for pk in shown if pk in whole] == [pk for pk in whole if pk in shown]
    assert len(set(shown)) == len(shown)
    assert set(whole[:6]) <= set(shown)
    back = client.get(page["previous"]).json()
    before = [row["id"] for row in back["results"]]
    assert [pk for pk in before if pk in whole][-2:] == pages[-2][-3:-1]
    assert client.get(back["next"]).status_code == 200


def test_previous_links_lead_back_to_the_same_pages(
    client: APIClient, user: Any, both_strategies: None
) -> None:
    for number in range(5):
        many.image(user, f"n{number % 2}", tags=["t"])
    for query in ({"ordering": "name"}, {"tag": "t"}, {"ordering": "-created", "format": "jpeg"}):
        first = client.get(IMAGES, {**query, "page_size": 2}).json()
        second = client.get(first["next"]).json()
        third = client.get(second["next"]).json()
        assert third["next"] is None
        assert client.get(third["previous"]).json()["results"] == second["results"]
        again = client.get(second["previous"]).json()
        assert again["results"] == first["results"]
        assert again["previous"] is None
        assert again["next"] == first["next"]


@pytest.mark.parametrize(
    "fields",
    [
        {"p": 1},
        {"p": 1, "by": "name"},
        {"p": 1, "by": "name", "k": "x\0"},
        {"p": 1, "by": "name", "k": "x" * 256},
        {"p": 1, "by": "-name", "k": "x"},
        {"p": 1, "by": "created", "k": "2026-01-01T00:00:00Z"},
        {"p": "x", "by": "name", "k": "x"},
        {"p": 1, "by": "name", "k": "x", "r": "yes"},
        {"p": 1, "by": "name", "k": "x", "z": 1},
    ],
    ids=urlencode,
)
def test_a_cursor_of_another_order_is_refused(client: APIClient, fields: dict[str, Any]) -> None:
    cursor = base64.b64encode(urlencode(fields).encode()).decode()
    answer = client.get(IMAGES, {"ordering": "name", "cursor": cursor})
    refused(answer, 400, "invalid_input", "/cursor")


@pytest.mark.parametrize("moment", ["", "soon", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T"])
def test_a_cursor_without_a_valid_time_is_refused(client: APIClient, moment: str) -> None:
    fields = {"p": 1, "by": "created", "k": moment}
    cursor = base64.b64encode(urlencode(fields).encode()).decode()
    answer = client.get(IMAGES, {"ordering": "created", "cursor": cursor})
    refused(answer, 400, "invalid_input", "/cursor")


@pytest.mark.parametrize("path", [IMAGES, RESULTS, TASKS])
def test_a_list_costs_one_query_and_no_count(
    member: Callable[..., APIClient], path: str, monkeypatch: Any
) -> None:
    """Another query is for the token. A list without any match costs the most."""
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 1)
    client = member()
    owner = SourceImage._meta.get_field("owner").related_model.objects.get()
    image = many.image(owner)
    for _ in range(3):
        many.result(image)
        many.image(owner)
    query = {"status": "FAILED", "created_after": "2020-01-01T00:00:00Z"}
    if path != TASKS:
        query = {"search": "nothing", "min_width": "11", "ordering": "name"}
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, query).json()["results"] == []
    assert len(asked) == 2
    assert not any("COUNT(" in each["sql"].upper() for each in asked)
