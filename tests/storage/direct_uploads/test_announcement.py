"""The announcement of a file: its form, refusals and quota."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.test import APIClient

from image_processor.ingest import direct_uploads
from image_processor.models import DirectUpload, UnclaimedObject
from tests.api.problems import refused
from tests.servers.stores import Store
from tests.storage.direct_uploads.upload_steps import DATA, DIRECT_UPLOADS, key_of


def test_the_form_allows_only_the_announced_file(store: Store, announce: Any) -> None:
    upload = announce()
    form = upload["upload"]
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    key = key_of(upload)
    assert key.startswith("incoming/")
    conditions = policy["conditions"]
    assert {"bucket": store.bucket} in conditions
    assert {"key": key} in conditions
    assert {"Content-Type": "image/jpeg"} in conditions
    assert ["content-length-range", len(DATA), len(DATA)] in conditions
    # There are no other fields than those of the signature: no ACL, metadata or redirect.
    rest = [each for each in conditions if isinstance(each, dict)]
    names = {name for each in rest for name in each}
    signing = {"x-amz-algorithm", "x-amz-credential", "x-amz-date"}
    assert names == {"bucket", "key", "Content-Type"} | signing
    assert form["fields"].keys() == (names - {"bucket"}) | {"policy", "x-amz-signature"}
    assert form["url"].startswith(store.endpoint)
    end, expires = parse_datetime(policy["expiration"]), parse_datetime(upload["expires_at"])
    assert end is not None
    assert expires is not None
    assert expires <= timezone.now() + direct_uploads.LIFETIME
    assert end <= expires + timedelta(seconds=1)  # policies count whole seconds
    assert key_of(announce()) != key


def test_answers_are_not_cached(store: Store, client: APIClient, announce: Any) -> None:
    upload = announce()
    answer = client.get(f"{DIRECT_UPLOADS}{upload['id']}/")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json()["upload"]["fields"]["key"] == key_of(upload)


def test_local_storage_refuses_direct_uploads(client: APIClient) -> None:
    body = {"file_name": "x.jpg", "size_bytes": 9, "content_type": "image/jpeg"}
    refused(client.post(DIRECT_UPLOADS, body), 409, "direct_upload_unavailable")
    assert not DirectUpload.objects.exists()
    assert not UnclaimedObject.objects.exists()


REFUSED: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "size: none": ({"size_bytes": 0}, 400, "invalid_input", "/size_bytes"),
    "size: text": ({"size_bytes": "9"}, 400, "invalid_input", "/size_bytes"),
    "size: boolean": ({"size_bytes": True}, 400, "invalid_input", "/size_bytes"),
    "size: fraction": ({"size_bytes": 1.5}, 400, "invalid_input", "/size_bytes"),
    "size: too large": ({"size_bytes": 50 * 2**20 + 1}, 413, "file_too_large", "/size_bytes"),
    "size: far too large": ({"size_bytes": 10**30}, 413, "file_too_large", "/size_bytes"),
    "type": ({"content_type": "text/html"}, 415, "unsupported_format", "/content_type"),
    "type: svg": ({"content_type": "image/svg+xml"}, 415, "unsupported_format", "/content_type"),
    "name": ({"file_name": "a/b.jpg"}, 400, "invalid_file_name", "/file_name"),
    "name: long": ({"file_name": "x" * 256}, 400, "invalid_file_name", "/file_name"),
    "unknown": ({"key": "sources/x"}, 400, "invalid_input", "/key"),
}


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"), REFUSED.values(), ids=REFUSED.keys()
)
def test_invalid_announcements_are_refused(
    store: Store, client: APIClient, change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    body = {"file_name": "x.jpg", "size_bytes": 9, "content_type": "image/jpeg", **change}
    refused(client.post(DIRECT_UPLOADS, body), status, code, pointer)
    assert not DirectUpload.objects.exists()
    assert not UnclaimedObject.objects.exists()


def test_announced_bytes_count_against_the_quota(
    store: Store, client: APIClient, announce: Any, settings: Any
) -> None:
    settings.QUOTA_STORAGE_MB = 1
    announce(size_bytes=600_000)
    body = {"file_name": "x.jpg", "size_bytes": 600_000, "content_type": "image/jpeg"}
    problem = refused(client.post(DIRECT_UPLOADS, body), 403, "quota_exceeded")
    assert (problem["limit"], problem["actual"]) == (1024 * 1024, 1_200_000)
    announce(size_bytes=400_000)


def test_announced_files_count_against_the_quota_of_images(
    store: Store, client: APIClient, announce: Any, settings: Any
) -> None:
    settings.QUOTA_IMAGES = 2
    announce(), announce()
    body = {"file_name": "x.jpg", "size_bytes": 1, "content_type": "image/jpeg"}
    problem = refused(client.post(DIRECT_UPLOADS, body), 403, "quota_exceeded")
    assert (problem["quota"], problem["limit"], problem["actual"]) == ("images", 2, 3)
    DirectUpload.objects.update(expires_at=timezone.now())  # so that none can become an image
    announce()


def test_open_announcements_are_limited(
    store: Store, client: APIClient, announce: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direct_uploads, "MAX_OPEN", 2)
    announce(), announce()
    body = {"file_name": "x.jpg", "size_bytes": 1, "content_type": "image/jpeg"}
    answer = refused(client.post(DIRECT_UPLOADS, body), 409, "too_many_direct_uploads")
    assert (answer["limit"], answer["actual"]) == (2, 3)
    assert DirectUpload.objects.count() == 2
    DirectUpload.objects.update(expires_at=timezone.now())
    assert client.post(DIRECT_UPLOADS, body).status_code == 201
