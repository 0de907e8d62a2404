"""`PrivateS3Storage`: objects in a bucket, and translated errors."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.files.base import File

from image_processor.storage import CHUNK_BYTES
from image_processor.storage.errors import ObjectMissing, StorageFull, StorageUnavailable
from image_processor.storage.s3 import PrivateS3Storage
from tests.servers.stores import Store
from tests.threads import await_end

StorageOf = Callable[..., PrivateS3Storage]


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_put_get_and_delete(
    server: str, storage_of: StorageOf, request: pytest.FixtureRequest
) -> None:
    store: Store = request.getfixturevalue(server)
    storage = storage_of(store)
    key = "sources/ab/object.bin"
    storage.put(key, b"bytes", "image/png")
    assert storage.get(key) == b"bytes"
    assert storage.open_local(key) is None
    assert key in store.listed()
    storage.delete(key)
    assert key not in store.listed()
    storage.delete(key)
    with pytest.raises(ObjectMissing):
        storage.get(key)


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_many_objects_are_removed_by_one_request(
    server: str, storage_of: StorageOf, request: pytest.FixtureRequest
) -> None:
    store: Store = request.getfixturevalue(server)
    storage = storage_of(store)
    keys = [f"results/ef/{number}.png" for number in range(12)]
    for key in keys:
        storage.put(key, b"bytes", "image/png")
    sent = []
    storage._client.meta.events.register(
        "before-send.s3.*", lambda request, **context: sent.append(request), unique_id="recorder"
    )
    assert storage.delete_all([*keys[1:], "results/ef/missing.png"]) == {}
    storage._client.meta.events.unregister("before-send.s3.*", unique_id="recorder")
    assert len(sent) == 1
    assert sent[0].headers["Content-MD5"]
    assert store.listed() & set(keys) == {keys[0]}


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_a_file_is_written_from_its_start_and_left_open(
    server: str, storage_of: StorageOf, request: pytest.FixtureRequest
) -> None:
    storage = storage_of(request.getfixturevalue(server))
    content = bytes(range(256)) * 40_000  # larger than the size from which boto3 sends parts
    file = File(io.BytesIO(content), name="photo.jpg")
    file.read(100)
    storage.put("results/cd/whole", file, "image/jpeg")
    assert storage.get("results/cd/whole") == content
    assert not file.closed


def test_objects_have_the_given_type_and_are_private(
    moto_store: Store, storage_of: StorageOf
) -> None:
    storage_of(moto_store).put("a", b"bytes", "image/webp")
    head = moto_store.client.head_object(Bucket=moto_store.bucket, Key="a")
    grants = moto_store.client.get_object_acl(Bucket=moto_store.bucket, Key="a")["Grants"]
    assert head["ContentType"] == "image/webp"
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]


def test_the_probe_requires_the_bucket(
    moto_store: Store, closed_store: Store, storage_of: StorageOf
) -> None:
    storage_of(moto_store).probe()
    for storage in (storage_of(closed_store), storage_of(moto_store, bucket_name="not-there")):
        with pytest.raises(StorageUnavailable):
            storage.probe()


def test_a_missing_bucket_is_not_reported_as_a_missing_object(
    moto_store: Store, storage_of: StorageOf
) -> None:
    storage = storage_of(moto_store, bucket_name="not-there")
    for call in (storage.get, storage.delete):
        with pytest.raises(StorageUnavailable, match="NoSuchBucket"):
            call("key")
    with pytest.raises(StorageUnavailable, match="NoSuchBucket"):
        storage.put("key", b"bytes", "image/png")


def test_links_require_credentials(
    moto_store: Store, storage_of: StorageOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    storage = storage_of(moto_store, access_key=None, secret_key=None)
    with pytest.raises(StorageUnavailable):
        storage.link("key", content_type="image/png", disposition="inline")


class Refusal(BaseHTTPRequestHandler):
    """Answers `PUT /bucket/<status>/<code>` with this status and error code."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, code = self.path.split("/")[2:]
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self.send_response(int(status))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def refusing_store() -> Iterator[Store]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Store(f"http://127.0.0.1:{server.server_port}", "images")
        server.shutdown()
        await_end(thread)


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        ("403/QuotaExceeded", StorageFull),
        ("507/XMinioStorageFull", StorageFull),
        ("403/AccessDenied", StorageUnavailable),
        ("403/InvalidAccessKeyId", StorageUnavailable),
        ("404/NoSuchKey", ObjectMissing),
    ],
)
def test_s3_errors_are_translated(
    refusal: str, error: type[Exception], refusing_store: Store, storage_of: StorageOf
) -> None:
    with pytest.raises(error):
        storage_of(refusing_store).put(refusal, b"bytes", "image/png")


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_chunks_of_an_object(
    server: str, storage_of: StorageOf, request: pytest.FixtureRequest
) -> None:
    storage = storage_of(request.getfixturevalue(server))
    content = bytes(range(256)) * 4_000
    storage.put("results/cd/pieces", content, "image/jpeg")
    pieces = list(storage.chunks("results/cd/pieces"))
    assert b"".join(pieces) == content
    assert len(pieces) == 4
    assert max(len(piece) for piece in pieces) == CHUNK_BYTES
    with pytest.raises(ObjectMissing):
        storage.chunks("results/cd/none")
