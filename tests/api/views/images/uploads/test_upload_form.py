"""The form of an upload: its fields, and the forms that are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.api.views.images.uploads.conftest import UPLOAD
from tests.builders import pictures


def test_a_form_without_a_file_is_refused(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        answer = client.post(UPLOAD, {"description": "x"}, format="multipart")
        assert refused(answer, 400, "invalid_input", "/file")["file"]
        refused(client.post(UPLOAD, {}, format="multipart"), 400, "invalid_input", "/file")


def test_a_form_with_two_files_is_refused(client: APIClient, nothing_left: Any) -> None:
    files = [SimpleUploadedFile(f"{seed}.jpg", pictures.jpeg(seed=seed)) for seed in (1, 2)]
    with nothing_left():
        answer = client.post(UPLOAD, {"file": files}, format="multipart")
        body = refused(answer, 400, "invalid_input", "/file")
        assert body["errors"][0]["code"] == "repeated"
        other = {"file": files[0], "picture": files[1]}
        refused(client.post(UPLOAD, other, format="multipart"), 400, "invalid_input", "/picture")


def test_a_repeated_field_is_refused(post_file: Callable[..., Any], nothing_left: Any) -> None:
    with nothing_left():
        answer = post_file(pictures.jpeg(), description=["one", "two"])
        refused(answer, 400, "invalid_input", "/description")


def test_texts_of_upload_libraries_are_ignored(client: APIClient) -> None:
    """Those of Uppy, for example."""
    texts = {"name": "a.jpg", "type": "image/jpeg", "relativePath": "null", "metadata": "\0"}
    form = {"file": SimpleUploadedFile("photo.jpg", pictures.jpeg()), "description": "x"}
    answer = client.post(UPLOAD, form | texts, format="multipart")
    assert answer.status_code == 201
    assert (answer.json()["file_name"], answer.json()["description"]) == ("photo.jpg", "x")


def test_a_file_may_be_called_image(client: APIClient, nothing_left: Any) -> None:
    def file(name: str) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, pictures.jpeg())

    with nothing_left():
        both = {"file": file("a.jpg"), "image": file("b.jpg")}
        refused(client.post(UPLOAD, both, format="multipart"), 400, "invalid_input", "/image")
        text = {"image": "the words of a file"}
        refused(client.post(UPLOAD, text, format="multipart"), 400, "invalid_input", "/file")
    answer = client.post(UPLOAD, {"image": file("b.jpg")}, format="multipart")
    assert answer.json()["file_name"] == "b.jpg"


def test_a_file_sent_as_text_is_refused(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        answer = client.post(UPLOAD, {"file": "the words of a file"}, format="multipart")
        refused(answer, 400, "invalid_input", "/file")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"file": "x"}), "application/json"),
        ("file=x", "application/x-www-form-urlencoded"),
        (pictures.jpeg(), "image/jpeg"),
        (pictures.jpeg(), "application/octet-stream"),
    ],
)
def test_a_body_that_is_not_multipart_is_refused(
    client: APIClient, nothing_left: Any, body: Any, kind: str
) -> None:
    with nothing_left():
        answer = client.generic("POST", UPLOAD, body, content_type=kind)
        refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("description", "x" * 10_001, "invalid_input"),
        ("description", "a\0b", "invalid_input"),
        ("file_name", "   ", "invalid_file_name"),
        ("file_name", "x" * 256, "invalid_file_name"),
        ("file_name", "a/b.jpg", "invalid_file_name"),
        ("file_name", "..\\b.jpg", "invalid_file_name"),
        ("file_name", "a\r\nSet-Cookie: x=1.jpg", "invalid_file_name"),
        ("file_name", "photo\u202egpj.exe", "invalid_file_name"),
        ("file_name", "a\0.jpg", "invalid_input"),
    ],
)
def test_an_invalid_field_is_refused(
    post_file: Callable[..., Any], nothing_left: Any, field: str, value: str, code: str
) -> None:
    with nothing_left():
        refused(post_file(pictures.jpeg(), **{field: value}), 400, code, f"/{field}")


def test_an_invalid_query_parameter_is_refused(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        form = {"file": SimpleUploadedFile("photo.jpg", pictures.jpeg())}
        answer = client.post(f"{UPLOAD}?include=everything", form, format="multipart")
        refused(answer, 400, "invalid_input", "/include")


def test_an_empty_file_name_field_is_ignored(post_file: Callable[..., Any]) -> None:
    assert post_file(pictures.jpeg(), file_name="").json()["file_name"] == "photo.jpg"
