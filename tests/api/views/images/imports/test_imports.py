"""Imports from an address: the image, its errors and its retries."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import override_settings
from rest_framework.test import APIClient

from image_processor.ingest import import_job, imports
from image_processor.jobs import lease, runner
from image_processor.jobs.claim import claim
from image_processor.jobs.model import MAX_ATTEMPTS
from image_processor.library import removal, stored_objects
from image_processor.library.accounting import quotas
from image_processor.maintenance import maintain
from image_processor.models import ImageImport, SourceImage, StoredObject, UnclaimedObject
from image_processor.storage.errors import StorageUnavailable
from outbox.models import Event
from tests.api.conftest import media_files
from tests.api.problems import refused
from tests.api.views.images.imports.conftest import IMPORT, outcome, pass_time, shown
from tests.builders import hostile, pictures
from tests.servers.raw_http import Server, ok
from tests.servers.receiver import status

pytestmark = pytest.mark.usefixtures("reachable")

Serve = Callable[..., Server]
Ask = Callable[..., dict[str, Any]]
Work = Callable[[], int]


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_an_import_stores_the_image(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work
) -> None:
    server = serve(ok(pictures.jpeg()))
    answer = client.post(
        IMPORT, {"url": server.url("/a/M%C3%B6we.jpg?size=2"), "description": "A gull."}
    )
    assert answer.status_code == 202
    image = answer.json()
    assert answer["Location"] == f"/api/v1/images/{image['id']}/"
    assert (image["status"], image["file"], image["metadata"]) == ("importing", None, {})
    assert (image["error_code"], image["error_message"]) == (None, None)
    assert (image["file_name"], image["description"]) == ("Möwe.jpg", "A gull.")
    assert shown(client, image) == image

    assert import_due() == 1

    now = shown(client, image)
    assert (now["status"], now["error_code"]) == ("ready", None)
    assert now["updated_at"] > image["updated_at"]
    assert b"".join(client.get(now["file"]).streaming_content) == pictures.jpeg()
    assert [request.split(b"\r\n")[0] for request in server.requests] == [
        b"GET /a/M%C3%B6we.jpg?size=2 HTTP/1.1"
    ]
    assert kinds() == ["image.uploaded"]
    assert not UnclaimedObject.objects.exists()


def test_an_imported_image_equals_an_uploaded_one(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, upload: Any
) -> None:
    """An import and an upload of equal bytes share one stored object, which counts once."""
    uploaded = upload(client, file_name="x.jpg")
    used = client.get("/api/v1/usage/").json()["bytes_stored"]
    image = ask(client, serve(ok(pictures.jpeg())).url("/"), file_name="x.jpg")
    import_due()
    different = {"id", "created_at", "updated_at", "duplicate_of", "file", "thumbnail"}
    now = shown(client, image)
    assert {k: v for k, v in now.items() if k not in different} == {
        k: v for k, v in uploaded.items() if k not in different
    }
    assert StoredObject.objects.count() == 1
    assert client.get("/api/v1/usage/").json()["bytes_stored"] == used
    client.delete(f"/api/v1/images/{uploaded['id']}/")
    assert b"".join(client.get(now["file"]).streaming_content) == pictures.jpeg()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "image"), ("/a/b/", "b"), ("/a%2Fb.png", "b.png"), ("/x%0D%0Ay.jpg", "xy.jpg")],
)
def test_the_file_name_comes_from_the_address(
    client: APIClient, serve: Serve, ask: Ask, path: str, name: str
) -> None:
    assert ask(client, serve(b"").url(path))["file_name"] == name


UNACCEPTABLE: dict[str, bytes] = {
    "empty": b"",
    "a page": b"<!doctype html><title>Not found</title>",
    "a program": b"MZ" + bytes(400),
    "truncated": hostile.truncated("JPEG"),
    "a bomb": hostile.png_announcing(60_000, 60_000),
    "too many pixels": pictures.encoded(pictures.noise(300, 300), "PNG"),
}


@pytest.mark.parametrize("data", UNACCEPTABLE.values(), ids=UNACCEPTABLE.keys())
@override_settings(IMAGE_MAX_PIXELS=40_000)
def test_an_invalid_file_fails_with_the_code_of_an_upload(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, data: bytes
) -> None:
    form = {"file": SimpleUploadedFile("x.jpg", data)}
    problem = client.post("/api/v1/images/upload/", form, format="multipart").json()
    image = ask(client, serve(ok(data)).url("/x.jpg"))
    assert import_due() == 1
    now = shown(client, image)
    assert (now["status"], now["file"]) == ("failed", None)
    assert (now["error_code"], now["error_message"]) == (problem["code"], problem["detail"])
    progress = client.get(f"/api/v1/images/status/{image['id']}/").json()
    assert (progress["status"], progress["error_code"]) == ("failed", problem["code"])
    assert kinds() == ["image.import_failed"]
    assert (StoredObject.objects.count(), UnclaimedObject.objects.count()) == (0, 0)


ANNOUNCED = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def endless(connection: socket.socket) -> None:
    """Send chunks until the client disconnects."""
    connection.sendall(CHUNKED)
    while True:
        connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


@pytest.mark.parametrize("answer", [ANNOUNCED, endless], ids=["announced", "endless"])
def test_a_file_over_the_size_limit_is_not_read_to_its_end(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, settings: Any, answer: Any
) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 1
    image = ask(client, serve(answer).url("/"))
    assert import_due() == 1
    now = shown(client, image)
    assert (now["status"], now["error_code"]) == ("failed", "file_too_large")
    assert now["error_message"] == "The file is larger than 1 MB."


def test_a_stalled_server_times_out(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, settings: Any
) -> None:
    """The server sends a few bytes, and then nothing until the connection is closed."""
    settings.IMPORT_TIMEOUT = 0.2

    def stall(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + b"3\r\nabc\r\n")
        while connection.recv(1):
            pass

    image = ask(client, serve(stall).url("/"))
    import_due()
    assert outcome(client, image) == ("importing", "remote_timeout")
    for _ in import_job.PAUSES:
        pass_time(minutes=5)
        import_due()
    assert outcome(client, image) == ("failed", "remote_timeout")


def test_a_failed_request_is_retried(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work
) -> None:
    server = serve(status(503), status(500), ok(pictures.jpeg()))
    image = ask(client, server.url("/"))
    for pause, code in ((4, 503), (29, 500)):
        assert import_due() == 1
        now = shown(client, image)
        assert (now["status"], now["error_code"]) == ("importing", "remote_unavailable")
        assert now["error_message"] == f"127.0.0.1 answered {code}."
        pass_time(seconds=pause)
        assert import_due() == 0
        pass_time(seconds=2)
    assert import_due() == 1
    assert outcome(client, image) == ("ready", None)
    assert len(server.requests) == 3
    assert kinds() == ["image.uploaded"]


def test_an_import_fails_after_its_last_attempt(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work
) -> None:
    server = serve(status(502))
    image = ask(client, server.url("/"))
    for _ in range(10):
        import_due()
        pass_time(minutes=10)
    assert outcome(client, image) == ("failed", "remote_unavailable")
    assert len(server.requests) == 4
    assert kinds() == ["image.import_failed"]


def test_a_permanent_error_is_not_retried(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work
) -> None:
    server = serve(status(404))
    image = ask(client, server.url("/"))
    assert import_due() == 1
    assert outcome(client, image) == ("failed", "remote_refused")
    assert shown(client, image)["error_message"] == "127.0.0.1 answered 404."
    pass_time(hours=1)
    assert import_due() == 0


def test_an_unavailable_storage_is_retried(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, monkeypatch: Any
) -> None:
    image = ask(client, serve(ok(pictures.jpeg())).url("/"))
    with monkeypatch.context() as patch:

        def away(*_: object) -> None:
            raise StorageUnavailable

        patch.setattr(stored_objects, "write", away)
        for _ in range(MAX_ATTEMPTS + 2):
            import_due()
            assert outcome(client, image) == ("importing", "storage_unavailable")
            pass_time(minutes=5)
    import_due()
    assert outcome(client, image) == ("ready", None)


def test_an_import_with_a_used_up_quota_is_refused_at_once(
    client: APIClient, serve: Serve, settings: Any, user: Any
) -> None:
    settings.QUOTA_STORAGE_MB = 1
    quotas.add_stored(user.pk, 1024 * 1024)
    body = refused(client.post(IMPORT, {"url": serve(b"").url()}), 403, "quota_exceeded")
    assert body["quota"] == "bytes_stored"
    assert not SourceImage.objects.exists()


def test_a_file_over_the_storage_quota_fails_the_import(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, settings: Any, user: Any
) -> None:
    settings.QUOTA_STORAGE_MB = 1
    image = ask(client, serve(ok(pictures.jpeg())).url("/"))
    quotas.add_stored(user.pk, 1024 * 1024 - 10)
    import_due()
    assert outcome(client, image) == ("failed", "quota_exceeded")
    assert not StoredObject.objects.exists()


def test_too_many_unfinished_imports_are_refused(
    client: APIClient, serve: Serve, ask: Ask, monkeypatch: Any
) -> None:
    monkeypatch.setattr(imports, "MAX_UNFINISHED", 2)
    url = serve(b"").url("/")
    ask(client, url)
    ask(client, url)
    body = refused(client.post(IMPORT, {"url": url}), 409, "too_many_imports")
    assert (body["limit"], body["actual"]) == (2, 3)
    assert SourceImage.objects.count() == 2


def test_deleting_an_image_before_its_import_leaves_nothing(
    client: APIClient, serve: Serve, ask: Ask, import_due: Work, nothing_left: Any
) -> None:
    server = serve(ok(pictures.jpeg()))
    with nothing_left():
        image = ask(client, server.url("/"))
        assert client.delete(f"/api/v1/images/{image['id']}/").status_code == 204
        assert import_due() == 0
    assert server.requests == []


@pytest.mark.django_db(transaction=True)
def test_deleting_an_image_during_its_import_leaves_nothing(
    client: APIClient,
    serve: Serve,
    ask: Ask,
    import_due: Work,
    nothing_left: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "CHECK_SECONDS", 0)
    data = pictures.jpeg()
    sent: list[bytes] = []
    image: dict[str, Any] = {}

    def delete_in_the_middle(connection: socket.socket) -> None:
        connection.sendall(ok(data)[:-100])
        assert client.delete(f"/api/v1/images/{image['id']}/").status_code == 204
        database.close()
        connection.sendall(data[-100:])
        sent.append(data)

    server = serve(delete_in_the_middle)
    with nothing_left():
        image |= ask(client, server.url("/"))
        assert import_due() == 1
        assert sent
        refused(client.get(f"/api/v1/images/{image['id']}/"), 404, "not_found")
        removal.sweep()
    assert not ImageImport.objects.exists()


def test_a_worker_that_lost_its_lease_publishes_nothing(
    client: APIClient, serve: Serve, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker claims the import while the first one writes the object."""
    image = ask(client, serve(ok(pictures.jpeg())).url("/"))
    before = media_files()
    late = claim(ImageImport, "import", release=0)
    assert late is not None
    write = stored_objects.write

    def write_then_lose(*args: Any) -> None:
        write(*args)
        ImageImport.objects.update(lease_token=uuid.uuid4())

    monkeypatch.setattr(stored_objects, "write", write_then_lose)
    runner.run(import_job.ImportJobType(), late)
    assert outcome(client, image) == ("importing", None)
    assert kinds() == []
    assert not StoredObject.objects.exists()
    assert removal.sweep() == 1
    assert media_files() == before

    monkeypatch.setattr(stored_objects, "write", write)
    second = ImageImport.objects.get()
    runner.run(import_job.ImportJobType(), second)
    assert outcome(client, image) == ("ready", None)
    runner.run(import_job.ImportJobType(), late)
    assert kinds() == ["image.uploaded"]


def test_an_import_whose_workers_always_die_fails(
    client: APIClient, serve: Serve, ask: Ask
) -> None:
    image = ask(client, serve(ok(pictures.jpeg())).url("/"))
    for _ in range(MAX_ATTEMPTS):
        assert claim(ImageImport, "import", release=0) is not None
        pass_time(minutes=1)
    assert claim(ImageImport, "import", release=0) is None
    maintain()
    assert outcome(client, image) == ("failed", "worker_lost")
    assert kinds() == ["image.import_failed"]


REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "/url"),
    "null": ({"url": None}, "/url"),
    "a number": ({"url": 7}, "/url"),
    "empty": ({"url": ""}, "/url"),
    "long": ({"url": "http://x.example/" + "x" * 2048}, "/url"),
    "a list": ([], ""),
    "unknown": ({"url": "http://93.184.216.34/", "tags": []}, "/tags"),
    "description": ({"url": "http://93.184.216.34/", "description": "x" * 10_001}, "/description"),
}


@pytest.mark.parametrize(("body", "pointer"), REFUSED.values(), ids=REFUSED.keys())
def test_an_invalid_body_is_refused(
    client: APIClient, body: Any, pointer: str, nothing_left: Any
) -> None:
    with nothing_left():
        refused(client.post(IMPORT, body), 400, "invalid_input", pointer)


def test_an_invalid_file_name_is_refused(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        body = {"url": "http://93.184.216.34/", "file_name": "../x.jpg"}
        refused(client.post(IMPORT, body), 400, "invalid_file_name", "/file_name")
