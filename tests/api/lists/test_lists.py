"""What lists can be asked for: words, filters, orders; and that their pages stay true."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.lists import listing
from image_processor.models import SourceImage
from tests.api.problems import refused
from tests.builders import many

IMAGES = "/api/v1/images/"
RESULTS = "/api/v1/images/transformed/"
TASKS = "/api/v1/tasks/"
FAR_EAST = timezone(timedelta(hours=17, minutes=17))


def ids(client: APIClient, path: str, **query: Any) -> list[int]:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.fixture(params=["few rows", "many rows"])
def found_both_ways(request: Any, monkeypatch: Any) -> None:
    """Once as rows in order, and once by the filters' indexes."""
    if request.param == "many rows":
        monkeypatch.setattr(listing, "LOOKED_THROUGH", 1)


# --- Search

NAMED = {
    "IMG_2024-holiday.jpg": ["img", "2024", "holi", "HOLIDAY", "jpg", "2024 img", "img_2024-hol"],
    "Café à la crème.png": ["cafe", "CAFÉ", "café la", "creme", "cafe\u0301"],
    "сад 🌅.jpg": ["сад", "СА", "сад.jpg"],
    "日本の庭.png": ["日本", "日本の庭"],
    "straße.jpg": ["straße", "stra"],
    "a" * 200 + ".jpg": ["a" * 200, "a" * 65, "a" * 64],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in NAMED for text in NAMED[name]])
def test_what_finds_a_name(
    client: APIClient, user: Any, found_both_ways: None, name: str, text: str
) -> None:
    rows = [many.image(user, each).pk for each in NAMED if each != name]
    wanted = many.image(user, name)
    rows.append(many.image(user, "other.gif").pk)
    found = ids(client, IMAGES, search=text)
    assert wanted.pk in found
    if text not in ("jpg",):
        assert found == [wanted.pk]


@pytest.mark.parametrize(
    "text", ["oliday", "holiday beach", "holidays", "2024img", "beach", "img & beach"]
)
def test_what_does_not_find_it(
    client: APIClient, user: Any, found_both_ways: None, text: str
) -> None:
    many.image(user, "other.gif")
    many.image(user, "IMG_2024-holiday.jpg")
    many.image(user, "x", description="On the shore")
    assert ids(client, IMAGES, search=text) == []


def test_words_may_stand_in_name_description_and_tags(
    client: APIClient, user: Any, found_both_ways: None
) -> None:
    wanted = many.image(user, "tower.jpg", description='Line\n"one"', tags=["night sky", "o'c"])
    many.image(user, "tower.jpg")
    for text in ("tower line night", "sky", "o'c one", '"one" \\ tower', "sky:* | !tower"):
        assert ids(client, IMAGES, search=text) == [wanted.pk], text


def test_a_change_is_found_at_once(client: APIClient, user: Any) -> None:
    image = many.image(user, "old.jpg", tags=["before"])
    client.patch(f"{IMAGES}{image.pk}/", {"file_name": "new.jpg", "tags": ["after"]})
    assert ids(client, IMAGES, search="new after") == [image.pk]
    assert ids(client, IMAGES, tag="after") == [image.pk]
    assert ids(client, IMAGES, search="old") == ids(client, IMAGES, tag="before") == []


def test_others_words_are_not_found(
    client: APIClient, make_user: Any, found_both_ways: None
) -> None:
    other = make_user()
    many.image(other, "garden.jpg", tags=["garden"])
    many.result(many.image(other, "x"), "garden.png")
    assert ids(client, IMAGES, search="garden") == ids(client, IMAGES, tag="garden") == []
    assert ids(client, RESULTS, search="garden") == []


@pytest.mark.parametrize(
    "text",
    ["'", "\\", "a'b\\c:*", "a | b", "!a", "<->", "%", "a:*A", "((", "é" * 200, "\u202e", "x\ty",
     "\U0010ffff", "\ud7ff", "a&amp;b", "/", "1/a", "#", "\u0130"],
)  # fmt: skip
def test_any_text_is_safe(client: APIClient, user: Any, found_both_ways: None, text: str) -> None:
    """What is a name is found by that name, if it has a letter or a digit."""
    image = many.image(user, text)
    many.image(user, "zzz", description="q")
    answer = client.get(IMAGES, {"search": text})
    if answer.status_code == 400:
        assert "letter" in refused(answer, 400, "invalid_input", "/search")["detail"]
        assert not any(each.isalnum() for each in text)
    else:
        assert [row["id"] for row in answer.json()["results"]] == [image.pk]


def test_searches_that_are_refused(client: APIClient) -> None:
    for text, said in {
        "...": "'...'",
        "": "''",
        "\0": "Null",
        "x" * 201: "200",
        " ".join("abcdefghijk"): "10",
    }.items():
        body = refused(client.get(IMAGES, {"search": text}), 400, "invalid_input", "/search")
        assert said in body["detail"], body


# --- Filters


def test_filters_of_images(client: APIClient, user: Any, found_both_ways: None) -> None:
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
        assert ids(client, IMAGES, **query) == [row.pk for row in wanted], query


def test_filters_of_results(client: APIClient, user: Any, found_both_ways: None) -> None:
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
        # Farther from UTC than PostgreSQL can tell.
        ({"created_before": newest.created_at.astimezone(FAR_EAST).isoformat()}, [large, small]),
    ):
        assert ids(client, RESULTS, **query) == [row.pk for row in wanted], query
    refused(client.get(RESULTS, {"source_image": "x"}), 400, "invalid_input", "/source_image")


def test_filters_of_tasks(client: APIClient, user: Any, found_both_ways: None) -> None:
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
        assert ids(client, TASKS, **query) == [row.pk for row in wanted], query


def test_a_filter_that_is_refused_says_what_there_is(client: APIClient) -> None:
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


def test_filters_are_of_lists_only(client: APIClient, user: Any) -> None:
    image = many.image(user)
    assert client.get(f"{IMAGES}{image.pk}/?format=PNG&search=zzz").status_code == 200


# --- Orders and pages

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
def test_pages_show_every_row_once_whatever_comes_and_goes(
    client: APIClient, user: Any, found_both_ways: None, query: dict[str, str]
) -> None:
    """Many have the same name and the same time."""
    rows = [many.image(user, "same.jpg", description="same", tags=["t"]) for _ in range(7)]
    rows += [many.image(user, f"same {n}.jpg", tags=["t"]) for n in (3, 1, 2)]
    SourceImage.objects.filter(pk__in=[row.pk for row in rows[2:6]]).update(
        created_at=rows[2].created_at
    )
    whole = ids(client, IMAGES, **query)
    assert sorted(whole) == [row.pk for row in rows]
    page = client.get(IMAGES, {**query, "page_size": 3}).json()
    shown, pages = [], []
    while True:
        pages.append([row["id"] for row in page["results"]])
        shown += pages[-1]
        # One comes before, or after, all that is to come; one that was shown goes.
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


def test_a_walk_there_and_back(client: APIClient, user: Any, found_both_ways: None) -> None:
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
def test_a_cursor_of_another_order(client: APIClient, fields: dict[str, Any]) -> None:
    cursor = base64.b64encode(urlencode(fields).encode()).decode()
    answer = client.get(IMAGES, {"ordering": "name", "cursor": cursor})
    refused(answer, 400, "invalid_input", "/cursor")


@pytest.mark.parametrize("moment", ["", "soon", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T"])
def test_a_cursor_with_no_time(client: APIClient, moment: str) -> None:
    fields = {"p": 1, "by": "created", "k": moment}
    cursor = base64.b64encode(urlencode(fields).encode()).decode()
    answer = client.get(IMAGES, {"ordering": "created", "cursor": cursor})
    refused(answer, 400, "invalid_input", "/cursor")


@pytest.mark.parametrize("path", [IMAGES, RESULTS, TASKS])
def test_at_most_four_queries_and_no_count(
    member: Callable[..., APIClient], path: str, monkeypatch: Any
) -> None:
    """With real tokens, of which one query is; when nothing is found, which costs the most."""
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
    assert len(asked) <= 4
    assert not any("COUNT(" in each["sql"].upper() for each in asked)
