"""Ranges of files, by the link of the local storage and through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.builders import pictures

DATA = pictures.jpeg()
SIZE = len(DATA)


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client, DATA)


def ask(client: APIClient, path: str, asked: str, **headers: str) -> Any:
    return client.get(path, headers={"Range": asked, **headers})


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


RANGES = {
    "bytes=0-0": (0, 0),
    "bytes=10-19": (10, 19),
    "bytes=100-": (100, SIZE - 1),
    "bytes=-7": (SIZE - 7, SIZE - 1),
    f"bytes=-{SIZE + 5}": (0, SIZE - 1),
    f"bytes=5-{SIZE * 9}": (5, SIZE - 1),
    "Bytes = 3-4": (3, 4),
}


@pytest.mark.parametrize("asked", RANGES)
def test_a_range_is_sent_alone(image: dict[str, Any], asked: str) -> None:
    first, last = RANGES[asked]
    answer = ask(APIClient(), image["file"], asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer["Content-Length"] == str(last - first + 1)
    assert answer["Content-Type"] == "image/jpeg"
    assert body_of(answer) == DATA[first : last + 1]


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=5-3", "bytes=0-1,4-5", "rows=1-2", "bytes=x-y", "bytes=0-²"]
)
def test_what_is_no_single_range_gives_the_whole_file(image: dict[str, Any], asked: str) -> None:
    answer = ask(APIClient(), image["file"], asked)
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "bytes")
    assert body_of(answer) == DATA


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 1}-{SIZE + 2}", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(image: dict[str, Any], asked: str) -> None:
    answer = ask(APIClient(), image["file"], asked)
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer["Content-Range"] == f"bytes */{SIZE}"
    assert str(SIZE) in answer.json()["detail"]


def test_a_broken_download_goes_on_if_the_file_is_the_same(
    client: APIClient, image: dict[str, Any]
) -> None:
    path = f"/api/v1/images/{image['id']}/original/"
    whole = client.get(path)
    etag = whole["ETag"]
    assert body_of(whole) == DATA
    assert body_of(ask(client, path, "bytes=9-", **{"If-Range": etag})) == DATA[9:]
    assert body_of(ask(client, path, "bytes=9-", **{"If-Range": '"another"'})) == DATA


def test_a_range_of_head_is_ignored(image: dict[str, Any]) -> None:
    answer = APIClient().head(image["file"], headers={"Range": "bytes=0-4"})
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))
    assert body_of(answer) == b""
