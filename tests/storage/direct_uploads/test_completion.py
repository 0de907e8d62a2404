"""Completing an upload makes one image of its file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from rest_framework.test import APIClient

from image_processor.models import SourceImage, StoredObject, Usage
from outbox.models import Event
from tests.builders import pictures
from tests.lock_order import recorded_locks
from tests.servers.fetch import fetch
from tests.servers.stores import Store
from tests.storage.direct_uploads.upload_steps import (
    DATA,
    DIRECT_UPLOADS,
    complete,
    remove_unclaimed,
    send_form,
)


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_upload_complete_and_delete(
    client: APIClient, serve_from: Any, announce: Any, server: str, request: Any
) -> None:
    store: Store = request.getfixturevalue(server)
    before = store.listed()
    with serve_from(store):
        upload = announce(description="waves")
        assert upload["image"] is None
        send_form(upload)
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
        assert stored.key.startswith("images/sources/")
        assert store.listed() - before == {stored.key}
        assert list(Event.objects.values_list("kind", flat=True)) == ["image.uploaded"]
        assert Usage.objects.get().bytes_stored == len(DATA) + len("waves")
        after = client.get(f"{DIRECT_UPLOADS}{upload['id']}/").json()
        assert (after["image"], after["upload"]) == (image["id"], None)
        client.delete(answer["Location"])
        assert remove_unclaimed(store) == before


def test_completing_twice_returns_the_same_image(
    store: Store, client: APIClient, announce: Any
) -> None:
    upload = announce()
    send_form(upload)
    first, again = complete(client, upload), complete(client, upload)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert SourceImage.objects.count() == 1


def test_completing_sends_four_requests_to_the_store(
    store: Store, client: APIClient, announce: Any
) -> None:
    upload = announce()
    send_form(upload)
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
    send_form(announced)
    assert complete(client, announced).json()["duplicate_of"] == earlier["id"]
    [stored] = StoredObject.objects.all()
    assert Usage.objects.get().bytes_stored == len(DATA)
    assert remove_unclaimed(store) == {stored.key}


def test_the_content_determines_the_format(store: Store, client: APIClient, announce: Any) -> None:
    data = pictures.encoded(pictures.noise(30, 20), "PNG")
    upload = announce(data)
    send_form(upload, data)
    image = complete(client, upload).json()
    assert image["metadata"]["format"] == "PNG"
    got = fetch(image["file"])
    assert got.headers["Content-Type"] == "image/png"
    assert 'filename="sea.jpg.png"' in got.headers["Content-Disposition"]


@pytest.mark.django_db(transaction=True)
def test_concurrent_completions_return_the_same_image(
    store: Store, client: APIClient, announce: Any, user: Any, client_of: Any
) -> None:
    upload = announce()
    send_form(upload)

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
    assert len(remove_unclaimed(store)) == 1


def test_announcing_and_completing_lock_in_the_one_order(
    transactional_db: None, client: APIClient, store: Store, announce: Any
) -> None:
    """`tests/library/test_lock_order.py` records all other functions that lock."""
    with recorded_locks() as recorder:
        upload = announce()
        send_form(upload)
        assert complete(client, upload).status_code == 201
    assert not recorder.violations, "\n".join(recorder.violations)
    assert {
        "image_processor.ingest.direct_completion:_take_in",
        "image_processor.ingest.direct_uploads:announce",
    } <= recorder.functions
