"""Two requests with one key are the same request if their meaning is the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.models import SourceImage, TransformationTask
from tests.api.problems import refused
from tests.api.requests.idempotency.keyed_requests import (
    FLIP,
    KEYS,
    UPLOAD,
    Send,
    idempotency_header,
    photo_file,
    send_key,
    send_upload,
)
from tests.builders import pictures


def test_another_request_with_the_key_is_422(
    client: APIClient, send_transform: Send, upload: Callable[..., dict[str, Any]]
) -> None:
    assert send_transform(client).status_code == 201
    other = f"/api/v1/images/{upload(client)['id']}/transform/"
    for answer in (
        send_transform(client, format="png"),
        send_transform(client, transformations=[]),
        client.post(other, FLIP, **idempotency_header("one")),
        send_upload(client),
        send_key(client),
        client.post(KEYS, [], **idempotency_header("one")),
    ):
        refused(answer, 422, "idempotency_key_reused")
    assert TransformationTask.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        {"file": photo_file(pictures.jpeg(quality=30))},
        {"file": photo_file(name="other.jpg")},
        {"file_name": "other.jpg"},
        {"description": "a garden"},
        {"more": "of it"},
    ],
    ids=lambda form: next(iter(form)),
)
def test_another_form_with_the_key_is_422(client: APIClient, form: dict[str, Any]) -> None:
    assert send_upload(client).status_code == 201
    refused(send_upload(client, **form), 422, "idempotency_key_reused")


def test_another_spelling_is_the_same_request(client: APIClient, image: dict[str, Any]) -> None:
    """A client, a proxy or a library may spell the second request differently."""
    bodies = [
        b'{"transformations": [{"operation": "flip"}], "format": "png"}',
        b'{"format":"png","transformations":[{"operation":"fl\\u0069p"}]}',
    ]
    ids = {
        client.generic(
            "POST",
            f"/api{version}/images/{image['id']}/transform{slash}",
            body,
            content_type,
            **idempotency_header("one"),
        ).json()["id"]
        for version in ("", "/v1")
        for slash in ("", "/")
        for body in bodies
        for content_type in ("application/json", "application/json; charset=utf-8")
    }
    assert len(ids) == 1


def _multipart_form(boundary: str, parts: list[tuple[str, bytes]]) -> dict[str, Any]:
    lines = b""
    for disposition, data in parts:
        head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
        lines += head.encode() + data + b"\r\n"
    content_type = f"multipart/form-data; boundary={boundary}"
    return {"data": lines + f"--{boundary}--\r\n".encode(), "content_type": content_type}


def test_another_boundary_or_order_is_the_same_form(client: APIClient) -> None:
    parts = [
        ('name="file"; filename="photo.jpg"', pictures.jpeg()),
        ('name="description"', b"a garden"),
    ]
    forms = [_multipart_form("first", parts), _multipart_form("second", parts[::-1])]
    answers = [
        client.generic("POST", UPLOAD, **form, **idempotency_header("one")) for form in forms
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_a_text_field_is_not_the_file_with_the_same_fingerprint(client: APIClient) -> None:
    assert send_upload(client).status_code == 201
    digest = SourceImage.objects.get().metadata["sha256"]
    text = json.dumps({"name": "photo.jpg", "sha256": digest})
    answer = client.post(UPLOAD, {"file": text}, format="multipart", **idempotency_header("one"))
    refused(answer, 422, "idempotency_key_reused")


def test_a_large_upload_is_compared_by_its_bytes(client: APIClient, settings: Any) -> None:
    """Django keeps a large upload in a temporary file, not in memory."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    first = send_upload(client)
    assert first.status_code == 201
    assert send_upload(client).json()["id"] == first.json()["id"]
    other = send_upload(client, file=photo_file(pictures.jpeg(quality=30)))
    refused(other, 422, "idempotency_key_reused")


def test_each_user_has_keys_of_their_own(
    client: APIClient, make_user: Any, client_of: Any, send_transform: Send
) -> None:
    assert send_key(client).status_code == 201
    answer = send_key(client_of(make_user()))
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer
    assert send_transform(client, "two").status_code == 201
    refused(send_transform(client_of(make_user()), "two"), 404, "not_found")
