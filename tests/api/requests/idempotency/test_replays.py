"""A repeated request is answered with the object that the first one created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.models import IdempotencyRecord
from image_processor.models import SourceImage
from tests.api.problems import refused
from tests.api.requests.idempotency.keyed_requests import Send, send_key, send_upload
from tests.builders import pictures


def test_a_replay_shows_the_current_state(
    client: APIClient, send_transform: Send, work_off: Callable[[], None]
) -> None:
    first = send_transform(client)
    assert first.json()["status"] == "PENDING"
    work_off()
    again = send_transform(client)
    assert again.json() == client.get(first["Location"]).json()
    assert again.json()["status"] == "SUCCESS"


def test_a_replayed_upload_has_fresh_links(client: APIClient, settings: Any) -> None:
    first = send_upload(client)
    settings.LINK_LIFETIME_SECONDS = 86_400  # links are made anew, as in a later time window
    again = send_upload(client)
    assert again.json()["file"] != first.json()["file"]
    assert b"".join(client.get(again.json()["file"]).streaming_content) == pictures.jpeg()
    links = ("file", "thumbnail")
    same = {name: value for name, value in again.json().items() if name not in links}
    assert same == {name: first.json()[name] for name in same}
    assert again["ETag"] == client.get(again["Location"])["ETag"]


def test_a_replayed_upload_names_the_same_duplicate(
    client: APIClient, image: dict[str, Any]
) -> None:
    first = send_upload(client)
    send_upload(client, None)
    again = send_upload(client)
    assert first.json()["duplicate_of"] == again.json()["duplicate_of"] == image["id"]


def test_a_replayed_api_key_has_no_secret(client: APIClient) -> None:
    secret = send_key(client).json()["key"]
    again = send_key(client)
    assert again.json()["key"] is None
    assert "earlier request" in again.json()["detail"]
    assert "delete this key" in again.json()["detail"]
    assert secret not in again.content.decode()
    assert secret.rpartition("_")[2] not in repr(IdempotencyRecord.objects.values().get())


def test_replaying_the_creation_of_a_deleted_object_is_410(client: APIClient) -> None:
    first = send_upload(client)
    assert client.delete(first["Location"]).status_code == 204
    body = refused(send_upload(client), 410, "created_object_gone")
    assert str(first.json()["id"]) in body["detail"]
    assert SourceImage.objects.count() == 0
    assert send_upload(client, "two").status_code == 201


def test_replaying_the_creation_of_a_task_of_a_deleted_image_is_410(
    client: APIClient, send_transform: Send, image: dict[str, Any]
) -> None:
    send_transform(client)
    client.delete(f"/api/v1/images/{image['id']}/")
    refused(send_transform(client), 410, "created_object_gone")


def test_a_key_costs_six_queries(client: APIClient, send_transform: Send) -> None:
    """A claim (begin, owner, insert, read, commit) and its completion; a replay does no work."""
    counts = []
    for key in (None, "one", "one"):
        with CaptureQueriesContext(connection) as queries:
            assert send_transform(client, key).status_code == 201
        counts.append(len(queries))
    without, first, replay = counts
    assert first == without + 6
    assert replay <= 6
