"""The client replaces the file while the service completes the upload."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from django.core.files.storage import default_storage
from rest_framework.test import APIClient

from image_processor.ingest import file_check
from image_processor.models import SourceImage
from image_processor.storage.s3 import PrivateS3Storage
from tests.api.problems import refused
from tests.servers.fetch import fetch
from tests.servers.stores import Store
from tests.storage.direct_uploads.upload_steps import (
    DATA,
    complete,
    key_of,
    remove_unclaimed,
    send_form,
)


def test_a_file_swapped_before_the_copy_is_checked(
    store: Store, client: APIClient, announce: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file of the same size arrives between the HEAD request and the copy.

    S3 refuses the copy because of its ETag condition. A server without that condition copies the
    other file, so the service checks the other file.
    """
    upload = announce()
    send_form(upload)
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
    assert remove_unclaimed(store) == set()


def test_a_copy_that_the_store_refuses_is_409(
    store: Store, client: APIClient, announce: Any
) -> None:
    """S3 answers so when the ETag differs; neither test server checks the ETag."""
    upload = announce()
    send_form(upload)
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
        send_form(upload)

        def check_then_swap(*args: Any) -> Any:
            found = check(*args)
            send_form(upload, b"<html>".ljust(len(DATA)))
            return found

        monkeypatch.setattr(file_check, "check", check_then_swap)
        image = complete(client, upload).json()
        assert fetch(image["file"]).body == DATA
        # A file that is sent after completion is ignored as well, and removed when it is due.
        send_form(upload, b"<html>".ljust(len(DATA)))
        assert fetch(image["file"]).body == DATA
        assert complete(client, upload).json()["id"] == image["id"]
        remove_unclaimed(store)
        assert key_of(upload) not in store.listed()
        assert fetch(image["file"]).body == DATA
