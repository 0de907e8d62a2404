"""Browsers never show uploaded bytes as a page, whatever name and type the upload had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.builders import hostile, pictures
from tests.servers.fetch import fetch
from tests.servers.stores import Store

PAGE = hostile.FOREIGN["html"]


def polyglot() -> bytes:
    """Return a JPEG with a page in its first comment, and the same page after its end."""
    picture = pictures.jpeg()
    comment = b"\xff\xfe" + (len(PAGE) + 2).to_bytes(2, "big") + PAGE
    return picture[:2] + comment + picture[2:]


def send(client: APIClient, data: bytes, name: str) -> dict[str, Any]:
    file = SimpleUploadedFile(name, data, content_type="text/html")
    answer = client.post("/api/v1/images/upload/", {"file": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_from_the_disk(client: APIClient) -> None:
    image = send(client, polyglot(), "page.html")
    for answer in (
        APIClient().get(image["file"]),
        client.get(f"/api/v1/images/{image['id']}/original/"),
    ):
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == polyglot()
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"].endswith('filename="page.html.jpg"')


def test_from_s3(store: Store, client: APIClient) -> None:
    image = send(client, polyglot(), "page.html")
    (key,) = store.listed()
    stored = store.client.head_object(Bucket=store.bucket, Key=key)
    assert stored["ContentType"] == "image/jpeg"
    redirect = client.get(f"/api/v1/images/{image['id']}/original/")
    assert redirect.status_code == 302
    for link in (image["file"], redirect["Location"]):
        fetched = fetch(link)
        assert fetched.status == 200
        assert fetched.body == polyglot()
        assert fetched.headers["Content-Type"] == "image/jpeg"
        assert fetched.headers["Content-Disposition"].endswith('filename="page.html.jpg"')


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("photo.jpeg", 'inline; filename="photo.jpeg"'),
        ("photo.JPG", 'inline; filename="photo.JPG"'),
        ("photo.png", 'inline; filename="photo.png.jpg"'),
        ("photo", 'inline; filename="photo.jpg"'),
        ("a'; b=c.html", 'inline; filename="a\'; b=c.html.jpg"'),
        ("a\u202egpj.html", 'inline; filename="agpj.html.jpg"'),
        ("../../page.htm", 'inline; filename="page.htm.jpg"'),
    ],
)
def test_file_names_are_encoded_and_end_in_the_real_extension(
    name: str, disposition: str, client: APIClient
) -> None:
    image = send(client, pictures.jpeg(), name)
    answer = APIClient().get(image["file"])
    assert answer["Content-Disposition"] == disposition
    answer.close()


def test_results_end_in_their_own_extension(
    client: APIClient, submit: Callable[..., Any], run: Callable[..., Any]
) -> None:
    image = send(client, polyglot(), "page.html")
    done = run(submit(client, image["id"]))
    answer = APIClient().get(done["result_url"])
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'inline; filename="page-40x30.png"'
    assert PAGE not in b"".join(answer.streaming_content)
