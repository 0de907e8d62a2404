"""Pages of a list: order, size, links and cursors."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from image_processor.models import SourceImage
from tests.api.problems import refused
from tests.builders import pictures


@pytest.fixture
def seven_images(client: APIClient, upload: Callable[..., dict[str, Any]]) -> list[int]:
    """Ids of seven images, newest first."""
    data = pictures.jpeg()
    return [upload(client, data)["id"] for _ in range(7)][::-1]


def ids(page: dict[str, Any]) -> list[int]:
    return [row["id"] for row in page["results"]]


def test_pages_are_stable_while_rows_are_added(
    client: APIClient, seven_images: list[int], upload: Callable[..., dict[str, Any]]
) -> None:
    first = client.get("/api/v1/images/?page_size=3").json()
    assert first.keys() == {"next", "previous", "results"}
    assert ids(first) == seven_images[:3]
    assert first["previous"] is None
    upload(client)
    second = client.get(first["next"]).json()
    assert ids(second) == seven_images[3:6]
    SourceImage.objects.filter(pk=seven_images[2]).delete()
    third = client.get(second["next"]).json()
    assert ids(third) == seven_images[6:]
    assert third["next"] is None
    assert ids(client.get(third["previous"]).json()) == seven_images[3:6]


def test_an_empty_cursor_is_the_first_page(client: APIClient, seven_images: list[int]) -> None:
    page = client.get("/api/v1/images/?page_size=3&cursor=").json()
    assert (ids(page), page["previous"]) == (seven_images[:3], None)
    assert ids(client.get(page["next"]).json()) == seven_images[3:6]


def test_links_between_pages_keep_the_host_and_query_of_the_request(
    client: APIClient, seven_images: list[int]
) -> None:
    answer = client.get("/api/images?page_size=2&include=gps", HTTP_HOST="localhost:8123").json()
    link = urlsplit(answer["next"])
    assert (link.scheme, link.netloc, link.path) == ("http", "localhost:8123", "/api/images/")
    assert "include=gps" in link.query
    assert "page_size=2" in link.query


@pytest.mark.parametrize("size", ["1", "7", "100", "007"])
def test_a_valid_page_size_is_accepted(
    client: APIClient, seven_images: list[int], size: str
) -> None:
    page = client.get(f"/api/v1/images/?page_size={size}").json()
    assert ids(page) == seven_images[: int(size)]


@pytest.mark.parametrize(
    "size", ["0", "101", "-1", "1.5", "", "ten", "٣", "1e2", "9" * 30, "00000000199999"]
)
@pytest.mark.parametrize("kind", ["images/", "tasks/", "images/transformed/"])
def test_an_invalid_page_size_is_refused(client: APIClient, kind: str, size: str) -> None:
    answer = client.get(f"/api/v1/{kind}", {"page_size": size})
    body = refused(answer, 400, "invalid_input", "/page_size")
    assert "100" in body["detail"]


_NEWEST = b"by=-created&k=9999-12-31T00:00:00Z&"


def _cursor(text: bytes) -> str:
    return base64.b64encode(text).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "é",
        _cursor(b"p=1"),
        _cursor(_NEWEST + b"p=abc"),
        _cursor(_NEWEST + b"p=1.5"),
        _cursor(_NEWEST + b"p=\0"),
        _cursor(_NEWEST + b"p=1&o=x"),
        _cursor(_NEWEST + b"p=\xff"),
        _cursor(_NEWEST + b"p=%D9%A3"),
        "x" * 10_000,
    ],
)
def test_an_invalid_cursor_is_refused(client: APIClient, cursor: str) -> None:
    for kind in ("images/", "tasks/", "images/transformed/"):
        refused(client.get(f"/api/v1/{kind}", {"cursor": cursor}), 400, "invalid_input", "/cursor")


def test_a_cursor_beyond_every_id_gives_the_first_page(
    client: APIClient, seven_images: list[int]
) -> None:
    cursor = _cursor(_NEWEST + b"p=" + b"9" * 40)
    assert ids(client.get("/api/v1/images/", {"cursor": cursor}).json()) == seven_images
