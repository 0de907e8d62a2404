"""File names that try to be paths or headers, or that display misleadingly."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.views.images.uploads.test_file_names import NAMES, NO_NAMES, raw_form
from tests.hostile.answers import refused
from tests.stack.service import Service

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("no_worker_dies", "work_goes_on")]

FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("header", [header for header, _ in NAMES.values()], ids=NAMES.keys())
def test_a_name_is_made_harmless(service: Service, client: httpx.Client, header: bytes) -> None:
    answer = client.post("/images/upload/", content=raw_form(header), headers=FORM)
    assert answer.status_code == 201, answer.text
    image = answer.json()
    assert not set(image["file_name"]) & set("/\\\0\r\n\u202e")
    assert len(image["file_name"]) <= 255
    for download in (httpx.get(image["file"]), client.get(f"/images/{image['id']}/original/")):
        assert download.status_code == 200
        assert "Set-Cookie" not in download.headers
        assert download.headers["Content-Disposition"].startswith("inline; filename")
    # The stored path does not depend on the name.
    assert not list(service.data.rglob("passwd*"))


@pytest.mark.parametrize("header", NO_NAMES.values(), ids=NO_NAMES.keys())
def test_a_name_that_is_none_is_refused(
    client: httpx.Client, nothing_left: Any, header: bytes
) -> None:
    with nothing_left():
        answer = client.post("/images/upload/", content=raw_form(header), headers=FORM)
        assert answer.status_code == 400
        refused(answer, 400, answer.json()["code"])


@pytest.mark.parametrize("name", ["../a.jpg", "a\r\nb", "a\u202eb", "x" * 10_000, "\u200b", ".."])
def test_a_chosen_name_is_taken_as_it_is_or_refused(
    client: httpx.Client, nothing_left: Any, name: str
) -> None:
    answer = client.post("/images/upload/", content=raw_form(b'filename="a.jpg"'), headers=FORM)
    path = f"/images/{answer.json()['id']}/"
    change = client.patch(path, json={"file_name": name})
    if change.status_code == 200:
        assert client.get(path).json()["file_name"] == name
        return
    refused(change, 400, "invalid_file_name")
    assert client.get(path).json()["file_name"] == "a.jpg"
