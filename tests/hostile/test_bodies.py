"""Malformed and huge JSON bodies over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.http.test_problem import MALFORMED
from tests.builders import pictures
from tests.hostile.answers import refused
from tests.stack.service import Service, upload

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("no_worker_dies", "work_goes_on")]

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def image(client: httpx.Client) -> int:
    return upload(client, pictures.jpeg())


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed(client: httpx.Client, nothing_left: Any, image: int, body: bytes) -> None:
    with nothing_left():
        answer = client.post(f"/images/{image}/transform/", content=body, headers=JSON)
        refused(answer, 400, "malformed_body")


def test_huge(client: httpx.Client, nothing_left: Any, image: int) -> None:
    body = b'{"transformations": "' + b"x" * 20_000_000 + b'"}'
    with nothing_left():
        answer = client.post(f"/images/{image}/transform/", content=body, headers=JSON)
        found = refused(answer, 413, "body_too_large")
    assert found["limit"] < found["actual"]
    # The connection still works.
    assert client.get(f"/images/{image}/").status_code == 200


def in_chunks(body: bytes, size: int = 65_536) -> Iterator[bytes]:
    """The body without its length, so that httpx sends it in chunks."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def test_chunked_json(client: httpx.Client, image: int) -> None:
    body = in_chunks(b'\n{"description": "In chunks."}', 7)
    answer = client.patch(f"/images/{image}/", content=body, headers=JSON)
    assert answer.json()["description"] == "In chunks."


def test_chunked_json_that_is_empty(client: httpx.Client) -> None:
    assert client.post("/tasks/retry-failed/", content=in_chunks(b"")).status_code == 200
    answer = client.post("/tasks/retry-failed/", content=in_chunks(b'{"batch": 1}'), headers=JSON)
    refused(answer, 400, "invalid_input")


@pytest.mark.parametrize("size", [1_000, 5_000_000])
def test_chunked_upload(client: httpx.Client, size: int) -> None:
    """In memory and on the disk."""
    picture = pictures.jpeg(seed=size)
    form = httpx.Request("POST", client.base_url, files={"file": ("a.jpg", picture)})
    head = form.read().replace(picture, picture + bytes(max(0, size - len(picture))))
    headers = {"Content-Type": form.headers["Content-Type"]}
    answer = client.post("/images/upload/", content=in_chunks(head), headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["metadata"]["format"] == "JPEG"


def test_chunked_form(service: Service) -> None:
    with httpx.Client(base_url=service.url) as browser:
        page = browser.get("/admin/login/").text
        token = page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
        form = f"csrfmiddlewaretoken={token}&username=nobody&password=wrong".encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": service.url}
        answer = browser.post("/admin/login/", content=in_chunks(form), headers=headers)
    assert "Please enter the correct username" in answer.text


def test_chunked_and_huge(client: httpx.Client, nothing_left: Any, image: int) -> None:
    body = b'{"transformations": "' + b"x" * 20_000_000 + b'"}'
    with nothing_left():
        path = f"/images/{image}/transform/"
        answer = client.post(path, content=in_chunks(body), headers=JSON)
        refused(answer, 413, "body_too_large")
        form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        form += bytes(51 * 1024 * 1024) + b"\r\n--x--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = client.post("/images/upload/", content=in_chunks(form), headers=headers)
        refused(answer, 413, "file_too_large")
