"""Direct uploads: the form, completion, races and refusals.

Neither test server enforces the policy of a form. So one test reads the policy, and others send
files that S3 would have refused.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from botocore.awsrequest import AWSResponse
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.test import APIClient

from image_processor.ingest import direct_uploads, file_check
from image_processor.library import objects
from image_processor.library.account_deletion import forget_user
from image_processor.library.accounting import quotas
from image_processor.models import DirectUpload, SourceImage, StoredObject, UnclaimedObject, Usage
from image_processor.storage.s3 import PrivateS3Storage
from outbox.models import Event
from tests.api.problems import refused
from tests.builders import hostile, pictures
from tests.servers.fetch import fetch
from tests.servers.stores import Store

DIRECT = "/api/v1/images/direct-uploads/"
DATA = pictures.jpeg()


@pytest.fixture
def announce(client: APIClient) -> Callable[..., dict[str, Any]]:
    """Announce a file; return the body of the answer."""

    def send(data: bytes = DATA, **changes: Any) -> dict[str, Any]:
        body = {"file_name": "sea.jpg", "size_bytes": len(data), "content_type": "image/jpeg"}
        answer = client.post(DIRECT, {**body, **changes})
        assert answer.status_code == 201, answer.content
        return answer.json()

    return send


def send(upload: dict[str, Any], data: bytes = DATA) -> None:
    """Send the form as a browser does."""
    form = upload["upload"]
    answer = httpx.post(form["url"], data=form["fields"], files={"file": data}, timeout=30)
    assert answer.status_code in (200, 201, 204), answer.text


def complete(client: APIClient, upload: dict[str, Any]) -> Any:
    return client.post(f"{DIRECT}{upload['id']}/complete/")


def key_of(upload: dict[str, Any]) -> str:
    return DirectUpload.objects.get(pk=upload["id"]).key


def sweep(store: Store) -> set[str]:
    """Remove all unclaimed objects; return the keys that remain in the bucket."""
    UnclaimedObject.objects.update(remove_after=timezone.now() - timedelta(seconds=1))
    objects.sweep()
    return store.listed()


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_upload_complete_and_delete(
    client: APIClient, serve_from: Any, announce: Any, server: str, request: Any
) -> None:
    store: Store = request.getfixturevalue(server)
    there = store.listed()
    with serve_from(store):
        upload = announce(description="waves")
        assert upload["image"] is None
        send(upload)
        answer = complete(client, upload)
        assert answer.status_code == 201, answer.content
        image = answer.json()
        assert answer["Location"] == f"/api/v1/images/{image['id']}/"
        assert (image["status"], image["file_name"]) == ("ready", "sea.jpg")
        assert (image["description"], image["duplicate_of"]) == ("waves", None)
        assert client.get(answer["Location"])["ETag"] == answer["ETag"]
        got = fetch(image["file"])
        assert (got.status, got.body) == (200, DATA)
        assert got.headers["Content-Type"] == "image/jpeg"
        # Only the copy is left; the object that the form wrote is removed at once.
        [stored] = StoredObject.objects.all()
        assert stored.key.startswith("sources/")
        assert store.listed() - there == {stored.key}
        assert list(Event.objects.values_list("kind", flat=True)) == ["image.uploaded"]
        assert Usage.objects.get().bytes_stored == len(DATA)
        after = client.get(f"{DIRECT}{upload['id']}/").json()
        assert (after["image"], after["upload"]) == (image["id"], None)
        client.delete(answer["Location"])
        assert sweep(store) == there


def test_what_the_form_allows(store: Store, announce: Any) -> None:
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
    answer = client.get(f"{DIRECT}{upload['id']}/")
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["upload"]["fields"]["key"] == key_of(upload)


def test_local_storage_refuses_direct_uploads(client: APIClient) -> None:
    body = {"file_name": "x.jpg", "size_bytes": 9, "content_type": "image/jpeg"}
    refused(client.post(DIRECT, body), 409, "direct_upload_unavailable")
    assert not DirectUpload.objects.exists()
    assert not UnclaimedObject.objects.exists()


def test_an_upload_cannot_be_completed_after_a_change_to_local_storage(
    moto_store: Store, serve_from: Any, client: APIClient, announce: Any
) -> None:
    with serve_from(moto_store):
        upload = announce()
    assert client.get(f"{DIRECT}{upload['id']}/").json()["upload"] is None
    refused(complete(client, upload), 409, "direct_upload_unavailable")


def test_completing_twice_returns_the_same_image(
    store: Store, client: APIClient, announce: Any
) -> None:
    upload = announce()
    send(upload)
    first, again = complete(client, upload), complete(client, upload)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert SourceImage.objects.count() == 1


def test_completing_sends_four_requests_to_the_store(
    store: Store, client: APIClient, announce: Any
) -> None:
    upload = announce()
    send(upload)
    requests: list[str] = []
    events = default_storage.connection.meta.client.meta.events
    events.register("before-call.s3", lambda model, **_: requests.append(model.name))
    assert complete(client, upload).status_code == 201
    assert requests == ["HeadObject", "CopyObject", "GetObject", "DeleteObject"]


def test_equal_bytes_share_a_stored_object(
    store: Store, client: APIClient, announce: Any, upload: Any
) -> None:
    earlier = upload(client, DATA)
    announced = announce()
    send(announced)
    assert complete(client, announced).json()["duplicate_of"] == earlier["id"]
    [stored] = StoredObject.objects.all()
    assert Usage.objects.get().bytes_stored == len(DATA)
    assert sweep(store) == {stored.key}


def test_completing_before_the_file_arrives_is_refused(
    store: Store, client: APIClient, announce: Any
) -> None:
    upload = announce()
    refused(complete(client, upload), 409, "direct_upload_incomplete")
    send(upload)
    assert complete(client, upload).status_code == 201


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
@pytest.mark.parametrize("sent", [DATA + b"x", DATA[:-1], b"x" * 2_000_000], ids=len)
def test_another_size_is_refused_and_removed(
    client: APIClient, serve_from: Any, announce: Any, server: str, request: Any, sent: bytes
) -> None:
    store: Store = request.getfixturevalue(server)
    with serve_from(store):
        upload = announce()
        send(upload, sent)
        body = refused(complete(client, upload), 422, "direct_upload_mismatch")
        assert (body["limit"], body["actual"]) == (len(DATA), len(sent))
        assert key_of(upload) not in store.listed()
        assert not SourceImage.objects.exists()
        # The form can still be used for the right file.
        send(upload)
        assert complete(client, upload).status_code == 201


UNACCEPTABLE = {
    "a page": (b"<!doctype html><title>x</title>", 415, "unsupported_format"),
    "truncated": (DATA[:-40], 400, "invalid_image"),
    "a bomb": (hostile.png_announcing(60_000, 60_000), 422, "too_many_pixels"),
}


@pytest.mark.parametrize(("data", "status", "code"), UNACCEPTABLE.values(), ids=UNACCEPTABLE.keys())
def test_unacceptable_files_are_refused_and_removed(
    store: Store, client: APIClient, announce: Any, data: bytes, status: int, code: str
) -> None:
    upload = announce(data)
    send(upload, data)
    refused(complete(client, upload), status, code)
    assert key_of(upload) not in store.listed()
    assert not SourceImage.objects.exists()
    assert not StoredObject.objects.exists()
    assert sweep(store) == set()


def test_the_content_determines_the_format(store: Store, client: APIClient, announce: Any) -> None:
    data = pictures.encoded(pictures.noise(30, 20), "PNG")
    upload = announce(data)
    send(upload, data)
    image = complete(client, upload).json()
    assert image["metadata"]["format"] == "PNG"
    got = fetch(image["file"])
    assert got.headers["Content-Type"] == "image/png"
    assert 'filename="sea.jpg.png"' in got.headers["Content-Disposition"]


def test_a_file_swapped_before_the_copy_is_checked(
    store: Store, client: APIClient, announce: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file of the same size arrives between the HEAD request and the copy.

    S3 refuses the copy because of its ETag condition. A server without that condition copies the
    other file, so the service checks the other file.
    """
    upload = announce()
    send(upload)
    etag = store.client.head_object(Bucket=store.bucket, Key=key_of(upload))["ETag"]
    conditions: list[bytes] = []
    copy = PrivateS3Storage.copy

    def note(request: Any, **_: Any) -> None:
        conditions.append(request.headers["x-amz-copy-source-if-match"])

    def swap_first(storage: Any, source: str, *args: Any, **options: Any) -> None:
        store.client.put_object(Bucket=store.bucket, Key=source, Body=bytes(len(DATA)))
        storage.connection.meta.client.meta.events.register("before-send.s3.CopyObject", note)
        copy(storage, source, *args, **options)

    monkeypatch.setattr(PrivateS3Storage, "copy", swap_first)
    refused(complete(client, upload), 400, "invalid_image")
    assert conditions == [etag.encode()]
    assert not SourceImage.objects.exists()
    assert sweep(store) == set()


def test_a_store_that_refuses_the_copy(store: Store, client: APIClient, announce: Any) -> None:
    """S3 answers so when the ETag differs; neither test server checks the ETag."""
    upload = announce()
    send(upload)
    refusal = AWSResponse("", 412, {"content-type": "application/xml"}, None)
    refusal._content = b"<Error><Code>PreconditionFailed</Code></Error>"
    events = default_storage.connection.meta.client.meta.events
    events.register("before-send.s3.CopyObject", lambda **_: refusal)
    refused(complete(client, upload), 409, "object_changed")
    assert key_of(upload) not in store.listed()
    assert not SourceImage.objects.exists()


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_a_file_swapped_after_the_check_is_ignored(
    client: APIClient,
    serve_from: Any,
    announce: Any,
    server: str,
    request: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store: Store = request.getfixturevalue(server)
    check = file_check.check
    with serve_from(store):
        upload = announce()
        send(upload)

        def check_then_swap(*args: Any) -> Any:
            found = check(*args)
            send(upload, b"<html>".ljust(len(DATA)))
            return found

        monkeypatch.setattr(file_check, "check", check_then_swap)
        image = complete(client, upload).json()
        assert fetch(image["file"]).body == DATA
        # A file that is sent after completion is ignored as well, and removed when it is due.
        send(upload, b"<html>".ljust(len(DATA)))
        assert fetch(image["file"]).body == DATA
        assert complete(client, upload).json()["id"] == image["id"]
        sweep(store)
        assert key_of(upload) not in store.listed()
        assert fetch(image["file"]).body == DATA


def test_uploads_that_are_never_sent_or_completed_are_removed(
    store: Store, client: APIClient, announce: Any
) -> None:
    sent, _ = announce(), announce()
    send(sent)
    DirectUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused(complete(client, sent), 409, "direct_upload_expired")
    assert client.get(f"{DIRECT}{sent['id']}/").json()["upload"] is None
    assert sweep(store) == set()
    assert not UnclaimedObject.objects.exists()
    DirectUpload.objects.update(expires_at=timezone.now() - direct_uploads.KEPT)
    assert direct_uploads.forget_old() == 2


def test_a_key_is_kept_until_a_late_transfer_has_arrived(
    store: Store, client: APIClient, announce: Any
) -> None:
    """A transfer that starts just before the form expires takes some time."""
    upload = announce()
    due = UnclaimedObject.objects.get(key=key_of(upload)).remove_after
    expires = DirectUpload.objects.get().expires_at
    assert due >= expires + direct_uploads.SENDING - timedelta(seconds=5)
    send(upload)
    complete(client, upload)
    assert UnclaimedObject.objects.get(key=key_of(upload)).remove_after == due


def test_announced_bytes_count_against_the_quota(
    store: Store, client: APIClient, announce: Any, settings: Any
) -> None:
    settings.QUOTA_STORAGE_MB = 1
    announce(size_bytes=600_000)
    body = {"file_name": "x.jpg", "size_bytes": 600_000, "content_type": "image/jpeg"}
    problem = refused(client.post(DIRECT, body), 403, "quota_exceeded")
    assert (problem["limit"], problem["actual"]) == (1024 * 1024, 1_200_000)
    announce(size_bytes=400_000)


def test_completing_checks_the_quota_again(
    store: Store, client: APIClient, announce: Any, settings: Any, user: Any
) -> None:
    """There was room at the announcement, but other files have used it since."""
    settings.QUOTA_STORAGE_MB = 1
    upload = announce()
    send(upload)
    quotas.add_bytes(user.pk, 1024 * 1024 - 10)
    refused(complete(client, upload), 403, "quota_exceeded")
    assert not SourceImage.objects.exists()
    assert sweep(store) == set()


@pytest.mark.django_db(transaction=True)
def test_concurrent_completions_return_the_same_image(
    store: Store, client: APIClient, announce: Any, user: Any, client_of: Any
) -> None:
    upload = announce()
    send(upload)

    def one(_: int) -> Any:
        try:
            return complete(client_of(user), upload)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(one, range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert SourceImage.objects.count() == StoredObject.objects.count() == 1
    assert len(sweep(store)) == 1


def test_a_store_that_is_away(
    store: Store, closed_store: Store, serve_from: Any, client: APIClient, announce: Any
) -> None:
    upload = announce()
    send(upload)
    with serve_from(closed_store):
        refused(complete(client, upload), 503, "storage_unavailable")
    with serve_from(store):
        assert complete(client, upload).status_code == 201


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
    refused(client.post(DIRECT, body), status, code, pointer)
    assert not DirectUpload.objects.exists()
    assert not UnclaimedObject.objects.exists()


def test_uploads_of_other_users_are_not_found(
    store: Store, announce: Any, client_of: Any, make_user: Any
) -> None:
    upload = announce()
    send(upload)
    stranger = client_of(make_user())
    refused(complete(stranger, upload), 404, "not_found")
    refused(stranger.get(f"{DIRECT}{upload['id']}/"), 404, "not_found")
    assert not SourceImage.objects.exists()


def test_deleting_the_account_removes_its_uploads(
    store: Store, client: APIClient, announce: Any, user: Any
) -> None:
    send(announce())
    forget_user(user)
    assert not DirectUpload.objects.exists()
    assert sweep(store) == set()
