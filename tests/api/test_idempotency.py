"""`Idempotency-Key`: whatever is asked again is created once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import ApiKey, User
from api.models import IdempotencyRecord
from api.requests import idempotency
from api.tasks import forget_expired
from image_processor.models import (
    Batch,
    DirectUpload,
    Preset,
    SourceImage,
    StoredObject,
    TransformationTask,
)
from tests.api.locks import until_waiting
from tests.api.problems import refused
from tests.api.routes import PUBLIC, Route, routes, view_of
from tests.builders import pictures
from webhooks.models import Delivery, Webhook

UPLOAD = "/api/v1/images/upload/"
KEYS = "/api/v1/auth/api-keys/"
FLIP = {"transformations": [{"operation": "flip"}]}
HOOKS = "/api/v1/webhooks/"
NEW_HOOK = {"url": "https://93.184.216.34/", "events": ["task.failed"]}
NEW_KEY = {"name": "backup", "scopes": ["tasks"]}

# POSTs that change something that is there, and create nothing.
NOT_CREATING = {
    "task-cancel",
    "task-retry",
    "direct-upload-complete",  # the same image however often, by the upload's own id
    "image-preview",
    "webhook-redeliver",
    "webhook-rotate-secret",
    "tasks-retry-failed",
    "batch-cancel",
    "batch-retry-failed",
    "images-zip",
    "transformed-images-zip",
    "password-change",
    "alias-users-me-change-password",
    "image-transform-plan",
    # Refused, whatever is asked, until there is something to create.
    "image-analyze",
    "payments-create",
    "payments-confirm",
}
CREATING = [
    route
    for route in routes()
    if route.method == "post" and route.name not in PUBLIC | NOT_CREATING
]

Send = Callable[..., Any]


def status_of(route: Route) -> int:
    """What a creation is answered with: 202 when there is more to be done."""
    return 202 if route.name == "image-import" else 201


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client)


def photo(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.jpeg() if data is None else data)


def key_header(key: str | None) -> dict[str, str]:
    return {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}


def send_upload(client: APIClient, key: str | None = "one", **form: Any) -> Any:
    form = {"file": photo(), **form}
    return client.post(UPLOAD, form, format="multipart", **key_header(key))


@pytest.fixture
def transform(image: dict[str, Any]) -> Send:
    path = f"/api/v1/images/{image['id']}/transform/"

    def send(client: APIClient, key: str | None = "one", **body: Any) -> Any:
        return client.post(path, {**FLIP, **body}, **key_header(key))

    return send


def send_upload_transform(client: APIClient, key: str | None = "one", **form: Any) -> Any:
    form = {"file": photo(), "transformations": json.dumps(FLIP["transformations"]), **form}
    path = "/api/v1/images/transform/"
    return client.post(path, form, format="multipart", **key_header(key))


def send_key(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    return client.post(KEYS, {**NEW_KEY, **body}, **key_header(key))


def send_webhook(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    return client.post(HOOKS, {**NEW_HOOK, **body}, **key_header(key))


@pytest.fixture
def send_test_message(client: APIClient) -> Send:
    path = f"{HOOKS}{send_webhook(client, None).json()['id']}/test/"
    return lambda client, key="one": client.post(path, {}, **key_header(key))


def send_import(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    form = {"url": "https://93.184.216.34/photo.jpg", **body}
    return client.post("/api/v1/images/import/", form, **key_header(key))


@pytest.fixture
def send_direct(settings: Any) -> Send:
    """On a store that nobody needs to ask: forms are signed here."""
    backend = "image_processor.storage.s3.PrivateS3Storage"
    options = {"bucket_name": "x", "access_key": "x", "secret_key": "x"}
    store = {"default": {"BACKEND": backend, "OPTIONS": options}}

    once = Lock()

    def send(client: APIClient, key: str | None = "one", **body: Any) -> Any:
        with once:
            if settings.STORAGES["default"] != store["default"]:
                settings.STORAGES = {**settings.STORAGES, **store}
        form = {"file_name": "x.png", "size_bytes": 9, "content_type": "image/png", **body}
        return client.post("/api/v1/images/direct-uploads/", form, **key_header(key))

    return send


def send_preset(client: APIClient, key: str | None = "one", **body: Any) -> Any:
    form = {"name": f"by {key}"[:50], **FLIP, **body}
    return client.post("/api/v1/presets/", form, **key_header(key))


@pytest.fixture
def batch(image: dict[str, Any]) -> Send:
    def send(client: APIClient, key: str | None = "one", **body: Any) -> Any:
        form = {"image_ids": [image["id"]], **FLIP, **body}
        return client.post("/api/v1/batches/", form, **key_header(key))

    return send


# --- Every route that creates


@pytest.fixture
def senders(
    transform: Send, batch: Send, send_test_message: Send, send_direct: Send
) -> dict[str, tuple[Send, Any]]:
    """Route name -> (sends a good request, what it creates)."""
    return {
        "image-upload": (send_upload, SourceImage),
        "image-import": (send_import, SourceImage),
        "direct-uploads": (send_direct, DirectUpload),
        "image-transform": (transform, TransformationTask),
        "upload-transform": (send_upload_transform, TransformationTask),
        "api-keys": (send_key, ApiKey),
        "webhooks": (send_webhook, Webhook),
        "webhook-test": (send_test_message, Delivery),
        "presets": (send_preset, Preset),
        "batches": (batch, Batch),
    }


@pytest.mark.parametrize("route", CREATING, ids=str)
def test_a_repeated_creation_happens_once(
    client: APIClient, senders: dict[str, tuple[Send, Any]], route: Route
) -> None:
    """A new route that creates fails here until it is `@idempotent`."""
    view, action = view_of(route)
    assert getattr(getattr(view, action), "idempotent", False)
    send, kind = senders[route.name]
    before = kind.objects.count()
    first, again = send(client), send(client)
    assert first.status_code == again.status_code == status_of(route), again.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert again.json()["id"] == first.json()["id"]
    assert kind.objects.count() == before + 1
    # Without a key, and with another, it is another request.
    for key in (None, "two"):
        answer = send(client, key)
        assert answer.json()["id"] != first.json()["id"]
        assert "Idempotent-Replayed" not in answer
    assert kind.objects.count() == before + 3


@pytest.mark.parametrize("route", CREATING, ids=str)
def test_the_document_tells_of_the_header(document: dict[str, Any], route: Route) -> None:
    path = f"/api/v1/{route.template.replace('{pk}', '{id}')}"
    operation = document["paths"][path]["post"]
    (header,) = [each for each in operation["parameters"] if each["name"] == "Idempotency-Key"]
    assert header["in"] == "header"
    assert not header.get("required")
    created = str(status_of(route))
    assert operation["responses"].keys() >= {created, "400", "409", "410", "422"}
    assert "Idempotent-Replayed" in operation["responses"][created]["headers"]


@pytest.mark.parametrize(
    ("route", "key"),
    [
        # Every route reads the key alike, since it is `@idempotent`.
        *((route, "é") for route in CREATING),
        *((CREATING[0], key) for key in ("", " ", "x" * 256, "tab\there")),
    ],
    ids=str,
)
def test_a_key_that_cannot_be_used(
    client: APIClient, senders: dict[str, tuple[Send, Any]], route: Route, key: str
) -> None:
    send, kind = senders[route.name]
    before = kind.objects.count()
    body = refused(send(client, key), 400, "idempotency_key_invalid")
    assert (body["limit"], body["actual"]) == (255, len(key))
    assert kind.objects.count() == before


@pytest.mark.parametrize("key", ["a", "x" * 255, '"8e03978e-40d5-43dd"', "!~"])
def test_a_key_that_can_be_used(client: APIClient, key: str) -> None:
    first = send_key(client, key).json()
    assert send_key(client, key).json()["id"] == first["id"]


# --- What the answer is


def test_a_replay_shows_what_is_there_now(
    client: APIClient, transform: Send, work_off: Callable[[], None]
) -> None:
    first = transform(client)
    assert first.json()["status"] == "PENDING"
    work_off()
    again = transform(client)
    assert again.json() == client.get(first["Location"]).json()
    assert again.json()["status"] == "SUCCESS"


def test_a_replayed_upload_has_fresh_links(client: APIClient, settings: Any) -> None:
    first = send_upload(client)
    settings.LINK_LIFETIME_SECONDS = 86_400  # another window, as after a while
    again = send_upload(client)
    assert again.json()["file"] != first.json()["file"]
    assert b"".join(client.get(again.json()["file"]).streaming_content) == pictures.jpeg()
    links = ("file", "thumbnail")
    same = {name: value for name, value in again.json().items() if name not in links}
    assert same == {name: first.json()[name] for name in same}
    assert again["ETag"] == client.get(again["Location"])["ETag"]


def test_a_replayed_upload_tells_of_the_same_duplicate(
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


def test_what_was_deleted_is_410(client: APIClient) -> None:
    first = send_upload(client)
    assert client.delete(first["Location"]).status_code == 204
    body = refused(send_upload(client), 410, "created_object_gone")
    assert str(first.json()["id"]) in body["detail"]
    assert SourceImage.objects.count() == 0
    assert send_upload(client, "two").status_code == 201


def test_a_task_that_went_with_its_image_is_410(
    client: APIClient, transform: Send, image: dict[str, Any]
) -> None:
    transform(client)
    client.delete(f"/api/v1/images/{image['id']}/")
    refused(transform(client), 410, "created_object_gone")


def test_what_a_key_costs(client: APIClient, transform: Send) -> None:
    """A claim (begin, owner, insert, read, commit) and its completion; a replay does no work."""
    counts = []
    for key in (None, "one", "one"):
        with CaptureQueriesContext(connection) as queries:
            assert transform(client, key).status_code == 201
        counts.append(len(queries))
    without, first, replay = counts
    assert first == without + 6
    assert replay <= 6


# --- What the same request is


def test_another_request_with_the_key_is_422(
    client: APIClient, transform: Send, upload: Callable[..., dict[str, Any]]
) -> None:
    assert transform(client).status_code == 201
    other = f"/api/v1/images/{upload(client)['id']}/transform/"
    for answer in (
        transform(client, format="png"),
        transform(client, transformations=[]),
        client.post(other, FLIP, **key_header("one")),
        send_upload(client),
        send_key(client),
        client.post(KEYS, [], **key_header("one")),
    ):
        refused(answer, 422, "idempotency_key_reused")
    assert TransformationTask.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        {"file": photo(pictures.jpeg(quality=30))},
        {"file": photo(name="other.jpg")},
        {"file_name": "other.jpg"},
        {"description": "a garden"},
        {"more": "of it"},
    ],
    ids=lambda form: next(iter(form)),
)
def test_another_form_with_the_key_is_422(client: APIClient, form: dict[str, Any]) -> None:
    assert send_upload(client).status_code == 201
    refused(send_upload(client, **form), 422, "idempotency_key_reused")


def test_spelling_makes_no_other_request(client: APIClient, image: dict[str, Any]) -> None:
    """What a client, a proxy or a library may write differently the next time."""
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
            **key_header("one"),
        ).json()["id"]
        for version in ("", "/v1")
        for slash in ("", "/")
        for body in bodies
        for content_type in ("application/json", "application/json; charset=utf-8")
    }
    assert len(ids) == 1


def _form(boundary: str, parts: list[tuple[str, bytes]]) -> dict[str, Any]:
    lines = b""
    for disposition, data in parts:
        head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
        lines += head.encode() + data + b"\r\n"
    content_type = f"multipart/form-data; boundary={boundary}"
    return {"data": lines + f"--{boundary}--\r\n".encode(), "content_type": content_type}


def test_neither_boundary_nor_order_makes_another_form(client: APIClient) -> None:
    parts = [
        ('name="file"; filename="photo.jpg"', pictures.jpeg()),
        ('name="description"', b"a garden"),
    ]
    forms = [_form("first", parts), _form("second", parts[::-1])]
    answers = [client.generic("POST", UPLOAD, **form, **key_header("one")) for form in forms]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_a_text_is_not_the_file_that_it_describes(client: APIClient) -> None:
    assert send_upload(client).status_code == 201
    digest = SourceImage.objects.get().metadata["sha256"]
    text = json.dumps({"name": "photo.jpg", "sha256": digest})
    answer = client.post(UPLOAD, {"file": text}, format="multipart", **key_header("one"))
    refused(answer, 422, "idempotency_key_reused")


def test_a_large_upload_is_told_apart_by_its_bytes(client: APIClient, settings: Any) -> None:
    """One that is kept in a temporary file, not in memory."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    first = send_upload(client)
    assert first.status_code == 201
    assert send_upload(client).json()["id"] == first.json()["id"]
    other = send_upload(client, file=photo(pictures.jpeg(quality=30)))
    refused(other, 422, "idempotency_key_reused")


def test_each_user_has_keys_of_their_own(
    client: APIClient, make_user: Any, client_of: Any, transform: Send
) -> None:
    assert send_key(client).status_code == 201
    answer = send_key(client_of(make_user()))
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer
    assert transform(client, "two").status_code == 201
    refused(transform(client_of(make_user()), "two"), 404, "not_found")


# --- Errors


def test_an_error_leaves_the_key_free(client: APIClient, transform: Send) -> None:
    refused(transform(client, transformations=[]), 400, "invalid_pipeline")
    assert IdempotencyRecord.objects.count() == 0
    assert transform(client).status_code == 201


def test_an_outage_leaves_the_key_free(client: APIClient, tmp_path: Any, settings: Any) -> None:
    stored = settings.STORAGES
    (tmp_path / "file").touch()
    broken = {**stored["default"], "OPTIONS": {"location": str(tmp_path / "file")}}
    settings.STORAGES = {**stored, "default": broken}
    refused(send_upload(client), 503, "storage_unavailable")
    assert SourceImage.objects.count() == 0
    settings.STORAGES = stored
    assert send_upload(client).status_code == 201


def test_a_broken_body_is_refused_before_the_key(client: APIClient) -> None:
    answer = client.generic("POST", KEYS, b"{", "application/json", **key_header("one"))
    refused(answer, 400, "malformed_body")
    assert IdempotencyRecord.objects.count() == 0


# --- The record


@pytest.fixture
def claimed(user: Any) -> idempotency.Claim:
    return idempotency.claim(user.pk, "one", "f" * 64)


def test_what_has_been_created_is_not_freed(claimed: idempotency.Claim) -> None:
    """An error after the creation was committed must not let it happen once more."""
    claimed.complete(7)
    claimed.release()
    assert IdempotencyRecord.objects.get().object_id == 7


def test_who_has_lost_the_claim_neither_completes_nor_frees_it(
    claimed: idempotency.Claim, user: Any
) -> None:
    let_pass(seconds=61)
    other = idempotency.claim(user.pk, "one", "f" * 64)
    with pytest.raises(idempotency.InProgress):
        claimed.complete(7)
    claimed.release()
    row = IdempotencyRecord.objects.get()
    assert (row.claim, row.object_id) == (other.record.claim, None)


# --- Time


def let_pass(**duration: int) -> None:
    for record in IdempotencyRecord.objects.all():
        record.expires_at -= timedelta(**duration)
        record.save()


def test_an_unfinished_record_expires_after_a_minute(client: APIClient, user: Any) -> None:
    """As a process leaves it that is killed between the claim and the creation."""
    send_key(client)
    done = IdempotencyRecord.objects.get()
    ApiKey.objects.all().delete()
    done.delete()
    idempotency.claim(user.pk, done.key, done.fingerprint)
    refused(send_key(client), 409, "idempotency_in_progress")
    let_pass(seconds=50)
    refused(send_key(client), 409, "idempotency_in_progress")
    let_pass(seconds=10)
    assert "Idempotent-Replayed" not in send_key(client)
    assert ApiKey.objects.count() == 1


def test_a_day_later_the_key_is_new(client: APIClient) -> None:
    first = send_key(client)
    let_pass(hours=23)
    assert send_key(client)["Idempotent-Replayed"] == "true"
    let_pass(hours=2)
    assert send_key(client, name="another request").json()["id"] != first.json()["id"]


def test_expired_records_are_forgotten_after_a_while(client: APIClient, user: Any) -> None:
    send_key(client)
    forget_expired()
    assert IdempotencyRecord.objects.count() == 1
    let_pass(hours=24, minutes=30)
    forget_expired()
    assert IdempotencyRecord.objects.count() == 1  # whoever was late may still look
    let_pass(hours=1)
    forget_expired()
    assert IdempotencyRecord.objects.count() == 0


# --- At once


def _at_once() -> list[Any]:
    """(route, requests): fifty of one route; of the others a few, and fifty in the long run."""
    fifty = next(route for route in CREATING if route.name == "image-transform")
    few = [(route, 8) for route in CREATING if route is not fifty]
    many = [pytest.param(route, 50, marks=pytest.mark.long) for route, _ in few]
    return [(fifty, 50), *few, *many]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("route", "requests"), _at_once(), ids=str)
def test_of_many_at_once_one_is_created(
    client: APIClient,
    user: Any,
    client_of: Any,
    senders: dict[str, tuple[Send, Any]],
    at_once: Any,
    route: Route,
    requests: int,
) -> None:
    send, kind = senders[route.name]
    before = set(kind.objects.values_list("pk", flat=True))
    made = status_of(route)
    answers = at_once(requests, lambda number: send(client_of(user)))
    (created,) = set(kind.objects.values_list("pk", flat=True)) - before
    first = [a for a in answers if a.status_code == made and "Idempotent-Replayed" not in a]
    assert [answer.json()["id"] for answer in first] == [created]
    for answer in answers:
        if answer.status_code == made:
            assert answer.json()["id"] == created
        else:
            refused(answer, 409, "idempotency_in_progress")
    again = send(client)
    assert (again.status_code, again.json()["id"]) == (made, created)


@pytest.fixture
def held_up(
    senders: dict[str, tuple[Send, Any]], image: dict[str, Any], user: Any, client_of: Any
) -> Callable[[Route], AbstractContextManager[tuple[Future[Any], int]]]:
    """A first request that is held up in its creating transaction, after its claim, by a lock
    on a row that it needs: (its answer to come, the process id of its connection)."""
    stored = StoredObject.objects.filter(source_images=image["id"])
    needed = {
        "image-transform": SourceImage.objects.filter(pk=image["id"]).select_for_update(),
        "image-upload": stored.select_for_update(),
        "image-import": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "direct-uploads": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "upload-transform": stored.select_for_update(),
        "api-keys": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "webhooks": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "webhook-test": Webhook.objects.filter(owner=user).select_for_update(no_key=True),
        "presets": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "batches": SourceImage.objects.filter(pk=image["id"]).select_for_update(),
    }

    @contextmanager
    def hold(route: Route) -> Iterator[tuple[Future[Any], int]]:
        def first() -> Any:
            try:
                return senders[route.name][0](client_of(user))
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            assert len(needed[route.name]) == 1
            answer = pool.submit(first)
            (pid,) = until_waiting(1)
            yield answer, pid

    return hold


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", CREATING, ids=str)
def test_while_the_first_works_the_second_is_told_so(
    held_up: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, route: Route
) -> None:
    send, _ = senders[route.name]
    with held_up(route) as (first, _):
        refused(send(client), 409, "idempotency_in_progress")
    assert first.result().status_code == status_of(route)
    again = send(client)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.result().json()["id"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", CREATING, ids=str)
def test_who_is_too_late_creates_nothing(
    held_up: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, user: Any, route: Route
) -> None:
    """While it was held up its claim expired, and another request took the key over."""
    send, kind = senders[route.name]
    before = kind.objects.count()
    with held_up(route) as (late, _):
        let_pass(seconds=61)
        other = idempotency.claim(user.pk, "one", IdempotencyRecord.objects.get().fingerprint)
    refused(late.result(), 409, "idempotency_in_progress")
    assert kind.objects.count() == before
    # Nor has it freed the key that is another's now.
    assert IdempotencyRecord.objects.get().claim == other.record.claim
    refused(send(client), 409, "idempotency_in_progress")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", CREATING, ids=str)
def test_who_is_late_alone_still_creates(
    held_up: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, route: Route
) -> None:
    with held_up(route) as (late, _):
        let_pass(minutes=30)
        forget_expired()
    assert late.result().status_code == status_of(route)
    again = senders[route.name][0](client)
    assert again.json()["id"] == late.result().json()["id"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", CREATING, ids=str)
def test_a_lost_connection_leaves_nothing_half_done(
    held_up: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, route: Route
) -> None:
    send, kind = senders[route.name]
    before = kind.objects.count()
    with held_up(route) as (lost, pid), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        refused(lost.result(), 503, "database_unavailable")
    assert kind.objects.count() == before
    assert send(client).status_code == status_of(route)
    assert kind.objects.count() == before + 1


def test_records_go_with_the_account(user: Any, client: APIClient) -> None:
    send_key(client)
    user.delete()
    assert IdempotencyRecord.objects.count() == 0
