"""Hostile file names are made harmless or refused."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.models import StoredObject
from tests.api.problems import refused
from tests.api.views.images.uploads.conftest import UPLOAD
from tests.builders import pictures


def raw_form(name: bytes) -> bytes:
    """A form whose `Content-Disposition` is hostile."""
    return (
        b'--x\r\nContent-Disposition: form-data; name="file"; '
        + name
        + b"\r\nContent-Type: image/jpeg\r\n\r\n"
        + pictures.jpeg()
        + b"\r\n--x--\r\n"
    )


NAMES = {
    "a path": (b'filename="../../etc/passwd.jpg"', "passwd.jpg"),
    "a Windows path": (rb'filename="C:\\Users\\me\\photo.jpg"', "photo.jpg"),
    "an escaped path": (b"filename*=UTF-8''..%2F..%2Fphoto.jpg", "photo.jpg"),
    "NUL": (b"filename*=UTF-8''pho%00to.jpg", "photo.jpg"),
    "CR LF": (b"filename*=UTF-8''photo.jpg%0D%0ASet-Cookie%3A%20x%3D1", None),
    "right-to-left override": ('filename="photo\u202egpj.exe"'.encode(), "photogpj.exe"),
    "700 characters": (b'filename="' + b"x" * 700 + b'.jpg"', "x" * 251 + ".jpg"),
    "markup": (b'filename="<img src=x onerror=alert(1)>.jpg"', None),
    "Persian": ('filename="می\u200cخواهم.jpg"'.encode(), "می\u200cخواهم.jpg"),
    "a family": ('filename="👩\u200d👧.jpg"'.encode(), "👩\u200d👧.jpg"),
    "an emoji": ('filename="🌅 сад.jpg"'.encode(), "🌅 сад.jpg"),
}


@pytest.mark.parametrize(("header", "shown"), NAMES.values(), ids=NAMES.keys())
def test_a_hostile_name_becomes_a_harmless_one(
    client: APIClient, header: bytes, shown: str | None
) -> None:
    answer = client.generic(
        "POST", UPLOAD, raw_form(header), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 201, answer.content
    image = answer.json()
    name = image["file_name"]
    assert 1 <= len(name) <= 255
    assert not set(name) & set("/\\\0\r\n\u202e")
    if shown is not None:
        assert name == shown
    stored = StoredObject.objects.get()
    assert stored.key.startswith("images/sources/")
    assert "photo" not in stored.key
    download = client.get(f"/api/v1/images/{image['id']}/original/")
    assert "\n" not in download["Content-Disposition"]
    assert b"".join(download.streaming_content) == pictures.jpeg()


NO_NAMES = {
    "dots": b'filename=".."',
    "a folder": b'filename="../"',
    "empty": b'filename=""',
    "only joiners": 'filename="\u200d\u200c"'.encode(),
    "only hidden characters": 'filename="\u202e\u200b"'.encode(),
    "not UTF-8": b'filename="\xff\xfe.jpg"',
    "10 KB": b'filename="' + b"x" * 10_000 + b'.jpg"',
}


@pytest.mark.parametrize("header", NO_NAMES.values(), ids=NO_NAMES.keys())
def test_a_file_without_a_usable_name_is_refused(
    client: APIClient, nothing_left: Any, header: bytes
) -> None:
    with nothing_left():
        answer = client.generic(
            "POST", UPLOAD, raw_form(header), content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code == 400, answer.content
        refused(answer, 400, answer.json()["code"])


@pytest.mark.parametrize("name", ["می\u200cخواهم.jpg", "क्\u200dष.jpg", "👩\u200d👧"])
def test_a_name_with_joiners_can_be_chosen(post_file: Any, client: APIClient, name: str) -> None:
    image = post_file(pictures.jpeg(), file_name=name).json()
    assert image["file_name"] == name
    change = client.patch(f"/api/v1/images/{image['id']}/", {"file_name": "x" + name})
    assert (change.status_code, change.json()["file_name"]) == (200, "x" + name)


def test_a_name_of_joiners_alone_is_refused(post_file: Any) -> None:
    answer = post_file(pictures.jpeg(), file_name="\u200d\u200c")
    refused(answer, 400, "invalid_file_name")
