"""Links to files in the local storage."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.signing import Signer
from django.test import Client
from django.utils.http import content_disposition_header
from rest_framework.test import APIClient

from image_processor.models import StoredObject
from image_processor.storage import object_storage
from image_processor.storage.link_window import LinkWindow
from image_processor.storage.local import FileLink
from tests.builders import pictures

SALT = "image_processor.files"


@pytest.fixture
def anyone() -> APIClient:
    """A client without credentials."""
    return APIClient()


@pytest.fixture
def link(client: APIClient, upload: Callable[..., dict[str, Any]]) -> str:
    return upload(client, pictures.jpeg())["file"]


def token_of(link: str) -> str:
    return urlsplit(link).path.removeprefix("/files/")


def open_refused(client: APIClient, token: str) -> tuple[int, str]:
    answer = client.get(f"/files/{token}")
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_link_works_for_anyone(link: str, anyone: APIClient) -> None:
    answer = anyone.get(link)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == pictures.jpeg()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert answer["Content-Length"] == str(len(pictures.jpeg()))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private, max-age=")
    assert not answer.cookies


def test_head_gives_the_headers_alone(link: str, anyone: APIClient) -> None:
    answer = anyone.head(link)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Length"] == str(len(pictures.jpeg()))
    assert b"".join(answer) == b""


def test_links_are_equal_within_a_window(
    client: APIClient, upload: Callable[..., dict[str, Any]], clock: Any
) -> None:
    image = upload(client)
    path = f"/api/v1/images/{image['id']}/"
    assert client.get(path).json()["file"] == image["file"]
    clock.now += 150
    later = client.get(path).json()["file"]
    assert later != image["file"]
    clock.now -= 150
    assert client.get(path).json()["file"] == image["file"]


def test_thumbnails_keep_their_links_for_hours(
    client: APIClient, anyone: APIClient, upload: Callable[..., dict[str, Any]], clock: Any
) -> None:
    image = upload(client)
    path = f"/api/v1/images/{image['id']}/"
    window = LinkWindow.of_thumbnails()
    clock.now = window.start
    first = client.get(path)
    clock.now = window.start + 12 * 3600 - 1
    later = client.get(path)
    assert later.json()["thumbnail"] == first.json()["thumbnail"]
    assert FileLink.read(token_of(later.json()["thumbnail"])).expires == window.end
    assert later.json()["file"] != first.json()["file"]
    answer = anyone.get(later.json()["thumbnail"])
    assert b"".join(answer) == pictures.jpeg()
    cached_for = int(answer["Cache-Control"].removeprefix("private, max-age="))
    assert cached_for == pytest.approx(window.end - time.time(), abs=60)
    clock.now = window.start + 12 * 3600
    assert client.get(path).json()["thumbnail"] != first.json()["thumbnail"]


def test_an_etag_changes_with_the_links_to_thumbnails(
    client: APIClient, upload: Callable[..., dict[str, Any]], settings: Any
) -> None:
    path = f"/api/v1/images/{upload(client)['id']}/"
    etag = client.get(path)["ETag"]
    settings.THUMBNAIL_LINK_LIFETIME_SECONDS = 604_800
    assert client.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_an_expired_link_is_refused(link: str, anyone: APIClient, clock: Any) -> None:
    key = StoredObject.objects.get().key
    clock.now = time.time() - 301
    expired = object_storage().link(key, content_type="image/jpeg", disposition="inline")
    assert open_refused(anyone, token_of(expired)) == (403, "link_expired")


def test_altered_links_are_refused(link: str, anyone: APIClient) -> None:
    token = token_of(link)
    payload, _, signature = token.rpartition(":")
    real = FileLink.read(token)
    longer = replace(real, expires=real.expires + 10_000)
    swapped = longer.token().rpartition(":")[0]
    for forged in (
        f"{swapped}:{signature}",
        f"{payload}:{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        f"{payload[:-1]}:{signature}",
        payload,
        f"{payload}:",
        f":{signature}",
        f"{token}x",
        token.swapcase(),
        "x",
        "%00",
        "é:ü",
    ):
        assert open_refused(anyone, forged) == (403, "link_invalid"), forged


def test_links_that_others_signed_are_refused(link: str, anyone: APIClient) -> None:
    real = FileLink.read(token_of(link))
    fields = [real.key, real.content_type, real.disposition, real.expires, real.picture]
    assert FileLink.read(Signer(salt=SALT).sign_object(fields)) == real
    for signer in (
        Signer(key="another secret", salt=SALT),
        Signer(salt="another purpose"),
        Signer(),
    ):
        assert open_refused(anyone, signer.sign_object(fields)) == (403, "link_invalid")


@pytest.mark.parametrize(
    "what", [["key"], {"a": 1, "b": 2, "c": 3, "d": 4}, "text", None, [1, 2, 3, 4]]
)
def test_signed_values_that_are_no_link_are_refused(what: Any, anyone: APIClient) -> None:
    assert open_refused(anyone, Signer(salt=SALT).sign_object(what)) == (403, "link_invalid")


def test_even_a_signed_link_stays_in_the_folder(anyone: APIClient, db: None) -> None:
    for key in ("../../../../etc/passwd", "/etc/passwd"):
        token = FileLink(key, "text/plain", "inline", int(time.time()) + 60).token()
        assert open_refused(anyone, token)[0] in (400, 404)


def test_no_other_address_leads_to_the_bytes(link: str, anyone: APIClient) -> None:
    key = StoredObject.objects.get().key
    for path in (f"/{key}", f"/media/{key}", f"/files/{key}", "/files/", "/files"):
        assert anyone.get(path).status_code in (403, 404)


@pytest.mark.parametrize("first", [0x4E00, 0x20000], ids=["three bytes each", "four bytes each"])
def test_the_longest_name_fits_into_a_request_line(first: int, settings: Any) -> None:
    """gunicorn refuses request lines over 4094 bytes."""
    name = "".join(chr(first + number * 73) for number in range(251)) + ".png"
    link = object_storage().link(
        f"results/ab/{'c' * 64}/{'d' * 32}.png",
        content_type="image/png",
        disposition=content_disposition_header(True, name) or "",
        picture=f"result/{2**63 - 1}",
    )
    assert len(f"GET {urlsplit(link).path} HTTP/1.1\r\n") <= 4094
    assert content_disposition_header(True, name) == FileLink.read(token_of(link)).disposition


def test_a_link_can_only_be_read() -> None:
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(strict, method)("/files/any")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_links_are_signed_as_django_signs(link: str) -> None:
    signer = Signer(salt=SALT)
    fields = signer.unsign_object(token_of(link))
    assert signer.sign_object(fields, compress=True) == token_of(link)
