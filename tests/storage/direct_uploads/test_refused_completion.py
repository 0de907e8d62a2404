"""Completions that are refused, and what remains in the store."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.library.accounting import quotas
from image_processor.models import SourceImage, StoredObject
from tests.api.problems import refused
from tests.builders import hostile
from tests.servers.stores import Store
from tests.storage.direct_uploads.upload_steps import (
    DATA,
    DIRECT_UPLOADS,
    complete,
    key_of,
    remove_unclaimed,
    send_form,
)


def test_an_upload_cannot_be_completed_after_a_change_to_local_storage(
    moto_store: Store, serve_from: Any, client: APIClient, announce: Any
) -> None:
    with serve_from(moto_store):
        upload = announce()
    assert client.get(f"{DIRECT_UPLOADS}{upload['id']}/").json()["upload"] is None
    refused(complete(client, upload), 409, "direct_upload_unavailable")


def test_completing_before_the_file_arrives_is_refused(
    store: Store, client: APIClient, announce: Any
) -> None:
    upload = announce()
    refused(complete(client, upload), 409, "direct_upload_incomplete")
    send_form(upload)
    assert complete(client, upload).status_code == 201


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
@pytest.mark.parametrize("sent", [DATA + b"x", DATA[:-1], b"x" * 2_000_000], ids=len)
def test_a_file_of_another_size_is_refused_and_removed(
    client: APIClient, serve_from: Any, announce: Any, server: str, request: Any, sent: bytes
) -> None:
    store: Store = request.getfixturevalue(server)
    with serve_from(store):
        upload = announce()
        send_form(upload, sent)
        body = refused(complete(client, upload), 422, "direct_upload_mismatch")
        assert (body["limit"], body["actual"]) == (len(DATA), len(sent))
        assert key_of(upload) not in store.listed()
        assert not SourceImage.objects.exists()
        # The form can still be used for the right file.
        send_form(upload)
        assert complete(client, upload).status_code == 201


UNACCEPTABLE = {
    "a page": (b"<!doctype html><title>x</title>", 415, "unsupported_format"),
    "truncated": (DATA[:200], 400, "invalid_image"),
    "a bomb": (hostile.png_announcing(60_000, 60_000), 422, "too_many_pixels"),
}


@pytest.mark.parametrize(("data", "status", "code"), UNACCEPTABLE.values(), ids=UNACCEPTABLE.keys())
def test_unacceptable_files_are_refused_and_removed(
    store: Store, client: APIClient, announce: Any, data: bytes, status: int, code: str
) -> None:
    upload = announce(data)
    send_form(upload, data)
    refused(complete(client, upload), status, code)
    assert key_of(upload) not in store.listed()
    assert not SourceImage.objects.exists()
    assert not StoredObject.objects.exists()
    assert remove_unclaimed(store) == set()


def test_completing_checks_the_quota_again(
    store: Store, client: APIClient, announce: Any, settings: Any, user: Any
) -> None:
    """There was room at the announcement, but other files have used it since."""
    settings.QUOTA_STORAGE_MB = 1
    upload = announce()
    send_form(upload)
    quotas.add_stored(user.pk, 1024 * 1024 - 10)
    refused(complete(client, upload), 403, "quota_exceeded")
    assert not SourceImage.objects.exists()
    assert remove_unclaimed(store) == set()


def test_an_unavailable_store_is_503_and_the_upload_can_be_completed_later(
    store: Store, closed_store: Store, serve_from: Any, client: APIClient, announce: Any
) -> None:
    upload = announce()
    send_form(upload)
    with serve_from(closed_store):
        refused(complete(client, upload), 503, "storage_unavailable")
    with serve_from(store):
        assert complete(client, upload).status_code == 201


def test_uploads_of_other_users_are_not_found(
    store: Store, announce: Any, client_of: Any, make_user: Any
) -> None:
    upload = announce()
    send_form(upload)
    stranger = client_of(make_user())
    refused(complete(stranger, upload), 404, "not_found")
    refused(stranger.get(f"{DIRECT_UPLOADS}{upload['id']}/"), 404, "not_found")
    assert not SourceImage.objects.exists()
