"""ZIP archives of results and originals."""

from __future__ import annotations

import io
import shutil
import subprocess
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from rest_framework.test import APIClient

from api.http import archive_response
from api.http.archive_response import TooManyDownloads
from image_processor.library import archives
from image_processor.models import SourceImage, StoredObject, TransformedImage
from image_processor.storage import CHUNK_BYTES, object_storage
from image_processor.storage.errors import StorageUnavailable
from tests.api.problems import refused
from tests.builders import pictures
from tests.threads import await_end
from utils.slots import Slots

ZIP = "/api/v1/images/transformed/zip/"
ORIGINALS = "/api/v1/images/zip/"
SMALL = [{"operation": "resize", "params": {"width": 20, "height": 15}}]


@pytest.fixture
def batch(client: APIClient, upload: Any, work_off: Callable[[], None]) -> int:
    """A batch of three finished tasks, whose images have the same name."""
    images = [upload(client, pictures.jpeg(seed=n))["id"] for n in range(3)]
    body = {"image_ids": images, "transformations": SMALL, "format": "png"}
    pk = int(client.post("/api/v1/batches/", body).json()["id"])
    work_off()
    return pk


def results() -> list[TransformedImage]:
    return list(TransformedImage.objects.select_related("stored_object").order_by("pk"))


def download(client: APIClient, batch: int) -> Any:
    return client.get(f"/api/v1/batches/{batch}/download/")


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)  # reading to the end closes the answer


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of an archive in their order; `zipfile` checks the CRC of each."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_holds_the_results_of_a_batch(client: APIClient, batch: int) -> None:
    answer = download(client, batch)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="batch-{batch}.zip"'
    files = unpacked(body_of(answer))
    assert list(files) == ["photo-20x15.png", "photo-20x15 (2).png", "photo-20x15 (3).png"]
    for result, data in zip(results(), files.values(), strict=True):
        assert data == object_storage().get(result.stored_object.key)
        assert pictures.opened(data).size == (20, 15)


@pytest.mark.long  # installing it needs the package manager
@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_finds_no_error_in_an_archive(client: APIClient, batch: int, tmp_path: Path) -> None:
    path = tmp_path / "batch.zip"
    path.write_bytes(body_of(download(client, batch)))
    done = subprocess.run(["unzip", "-t", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "No errors detected" in done.stdout


def test_selected_results_keep_the_order_of_the_request(client: APIClient, batch: int) -> None:
    first, _, third = results()
    TransformedImage.objects.filter(pk=first.pk).update(file_name="été.png")
    answer = client.post(ZIP, {"ids": [third.pk, first.pk]})
    assert answer["Content-Disposition"] == 'attachment; filename="results.zip"'
    files = unpacked(body_of(answer))
    assert list(files) == ["photo-20x15.png", "été.png"]
    assert files["photo-20x15.png"] == object_storage().get(third.stored_object.key)


def test_originals_keep_the_order_of_the_request(client: APIClient, upload: Any) -> None:
    sent = [pictures.jpeg(seed=n) for n in range(3)]
    ids = [upload(client, data)["id"] for data in sent]
    answer = client.post(ORIGINALS, {"ids": [ids[2], ids[0]]})
    assert answer["Content-Disposition"] == 'attachment; filename="images.zip"'
    assert unpacked(body_of(answer)) == {"photo.jpg": sent[2], "photo (2).jpg": sent[0]}


def test_originals_of_other_users_or_unfinished_imports_are_refused(
    client: APIClient, client_of: Any, make_user: Any, upload: Any
) -> None:
    own, foreign = upload(client)["id"], upload(client_of(make_user()))["id"]
    importing = upload(client, pictures.jpeg(seed=1))["id"]
    SourceImage.objects.filter(pk=importing).update(status="importing", stored_object=None)
    asked = client.post(ORIGINALS, {"ids": [own, foreign, importing]})
    problem = refused(asked, 404, "unknown_image")
    assert [error["pointer"] for error in problem["errors"]] == ["/ids/1", "/ids/2"]


def test_a_missing_original_is_named_in_the_archive(client: APIClient, upload: Any) -> None:
    gone = SourceImage.objects.get(pk=upload(client)["id"])
    object_storage().delete(gone.stored_object.key)
    files = unpacked(body_of(client.post(ORIGINALS, {"ids": [gone.pk]})))
    assert files == {
        "errors.txt": f"photo.jpg: image {gone.pk} is missing from the storage.\n".encode()
    }


def test_an_archive_holds_only_results_of_successful_tasks(
    client: APIClient, upload: Any, work_off: Callable[[], None]
) -> None:
    large, small = upload(client)["id"], upload(client, pictures.jpeg(16, 16))["id"]
    crop = [{"operation": "crop", "params": {"x": 0, "y": 0, "width": 50, "height": 40}}]
    body = {"image_ids": [large, small], "transformations": crop}
    pk = client.post("/api/v1/batches/", body).json()["id"]
    refused(download(client, pk), 409, "nothing_to_download")
    work_off()
    assert len(unpacked(body_of(download(client, pk)))) == 1


NAMES = {
    "../../etc/passwd": "passwd",
    "a\\..\\b.png": "b.png",
    "..": "image",
    ".hidden.png": "hidden.png",
    "evil\u202egnp.exe.png": "evilgnp.exe.png",
    "errors.txt": "errors (2).txt",
    "ERRORS.TXT": "ERRORS (2).TXT",
    "é" * 200 + ".png": "é" * 118 + ".png",
    'a<b>:"|?*.png': "a_b______.png",
    "con.png": "_con.png",
    "Com1.tar.png": "_Com1.tar.png",
    "console.png": "console.png",
    "end. .": "end",
    " . .": "image",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_safe_to_unpack(client: APIClient, batch: int, name: str) -> None:
    """The rows have names that the upload would have refused."""
    result = results()[0]
    TransformedImage.objects.filter(pk=result.pk).update(file_name=name)
    files = unpacked(body_of(client.post(ZIP, {"ids": [result.pk]})))
    assert list(files) == [NAMES[name]]


def test_names_that_differ_in_case_only_are_made_unique(client: APIClient, batch: int) -> None:
    rows = results()
    names = ("Photo.png", "photo.PNG", "photo (2).png")
    for row, name in zip(rows, names, strict=True):
        TransformedImage.objects.filter(pk=row.pk).update(file_name=name)
    files = unpacked(body_of(client.post(ZIP, {"ids": [row.pk for row in rows]})))
    assert len({name.casefold() for name in files}) == 3


def test_a_missing_result_is_named_in_the_archive(client: APIClient, batch: int) -> None:
    _, gone, _ = results()
    object_storage().delete(gone.stored_object.key)
    files = unpacked(body_of(download(client, batch)))
    assert list(files) == ["photo-20x15.png", "photo-20x15 (3).png", "errors.txt"]
    said = files["errors.txt"].decode()
    assert said == f"photo-20x15 (2).png: result {gone.pk} is missing from the storage.\n"


def test_a_truncated_result_is_named_in_the_archive(client: APIClient, batch: int) -> None:
    short = results()[1].stored_object
    folder = Path(django_settings.STORAGES["default"]["OPTIONS"]["location"])
    (folder / short.key).write_bytes(b"abc")
    said = unpacked(body_of(download(client, batch)))["errors.txt"].decode()
    assert said == f"photo-20x15 (2).png: has 3 bytes in place of {short.size_bytes}.\n"


def test_a_storage_that_fails_midway_leaves_an_incomplete_archive(batch: int) -> None:
    """The folder of the second result cannot be read."""
    second = results()[1].stored_object
    folder = Path(django_settings.STORAGES["default"]["OPTIONS"]["location"])
    (folder / second.key).unlink()
    (folder / second.key).mkdir()
    sent = io.BytesIO()
    try:
        with pytest.raises(StorageUnavailable):
            sent.writelines(archives.stream(archives.build_entries(results())))
    finally:
        (folder / second.key).rmdir()
    assert sent.getvalue()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(sent)


REFUSED: dict[str, tuple[Any, int, str, str | None]] = {
    "a list": ([], 400, "invalid_pipeline", ""),
    "nothing": ({}, 400, "invalid_pipeline", "/ids"),
    "none": ({"ids": []}, 400, "invalid_pipeline", "/ids"),
    "text": ({"ids": ["1"]}, 400, "invalid_pipeline", "/ids/0"),
    "twice": ({"ids": [1, 1]}, 400, "invalid_pipeline", "/ids/1"),
    "unknown": ({"ids": [987_654]}, 404, "unknown_result", "/ids/0"),
    "too many": ({"ids": list(range(1, 1002))}, 422, "too_many_images", None),
    "unknown member": ({"ids": [1], "name": "x"}, 400, "invalid_pipeline", "/name"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_invalid_requests_are_refused(client: APIClient, name: str) -> None:
    body, status, code, pointer = REFUSED[name]
    refused(client.post(ZIP, body), status, code, pointer)


def test_a_result_of_another_user_is_reported_as_unknown(
    client: APIClient, batch: int, client_of: Any, make_user: Any
) -> None:
    stranger = client_of(make_user())
    pk = results()[0].pk
    theirs = refused(stranger.post(ZIP, {"ids": [pk]}), 404, "unknown_result", "/ids/0")
    none = refused(stranger.post(ZIP, {"ids": [987_654]}), 404, "unknown_result", "/ids/0")
    assert theirs["detail"].replace(str(pk), "") == none["detail"].replace("987654", "")


@pytest.fixture
def large_results(client: APIClient, batch: int) -> Iterator[list[TransformedImage]]:
    """Results that share one object of 8 MB."""
    size = 32 * CHUNK_BYTES
    row = results()[0].stored_object
    object_storage().delete(row.key)
    object_storage().put(row.key, bytes(size), "image/png")
    StoredObject.objects.filter(pk=row.pk).update(size_bytes=size)
    TransformedImage.objects.update(stored_object=row)
    yield results()
    object_storage().delete(row.key)


def test_an_archive_is_streamed_in_chunks(large_results: list[TransformedImage]) -> None:
    entries = archives.build_entries(large_results)
    sent = 0
    tracemalloc.start()
    try:
        for piece in archives.stream(entries):
            sent += len(piece)
            assert len(piece) <= CHUNK_BYTES + 1000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent > 3 * 32 * CHUNK_BYTES
    assert peak < 6 * CHUNK_BYTES


def test_one_file_is_open_at_a_time(large_results: list[TransformedImage], tmp_path: Path) -> None:
    stream = archives.stream(archives.build_entries(large_results))
    assert len(next(stream)) <= CHUNK_BYTES + 1000
    open_files = [str(path.resolve()) for path in Path("/proc/self/fd").iterdir() if path.exists()]
    key = large_results[0].stored_object.key
    assert sum(path.endswith(key) for path in open_files) == 1
    stream.close()  # type: ignore[attr-defined]
    open_files = [str(path.resolve()) for path in Path("/proc/self/fd").iterdir() if path.exists()]
    assert not any(path.endswith(key) for path in open_files)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_downloads_of_a_user_are_limited(
    client: APIClient, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_response, "_slots", Slots(4, per_owner=2))
    first, second = download(client, batch), download(client, batch)
    body = refused(download(client, batch), 503, "too_many_downloads")
    assert (body["limit"], body["actual"]) == (2, 3)
    assert (
        download(client, 987_654).status_code == 404
    )  # an unknown batch is not counted as a download
    first.close()  # no byte has been read
    assert unpacked(body_of(second))
    for _ in range(4):
        assert unpacked(body_of(download(client, batch)))


@pytest.mark.django_db(transaction=True)
def test_a_slow_download_leaves_slots_for_other_users(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_response, "_slots", Slots(3, per_owner=1))
    entries = archives.build_entries(results())

    def answer_to(owner_id: int) -> Any:
        return archive_response.archive_response(entries, "a.zip", owner_id=owner_id)

    slow = answer_to(1)
    with pytest.raises(TooManyDownloads, match="You are downloading 1 archives"):
        answer_to(1)
    others = [answer_to(2), answer_to(3)]
    with pytest.raises(TooManyDownloads) as refusal:
        answer_to(4)
    assert (refusal.value.limit, refusal.value.actual) == (3, 4)
    for answer in (slow, *others):
        answer.close()
    answer_to(1).close()


@pytest.mark.django_db(transaction=True)
def test_no_database_connection_is_held_while_an_archive_is_sent(
    client: APIClient, batch: int
) -> None:
    seen: list[Any] = []

    def fetch() -> None:
        answer = download(client, batch)
        seen.append(connection.connection)
        seen.append(len(unpacked(body_of(answer))))
        seen.append(connection.connection)
        connection.close()

    thread = threading.Thread(target=fetch)
    thread.start()
    await_end(thread)
    assert seen == [None, 3, None]


def test_an_archive_costs_two_queries(
    client: APIClient, batch: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        body_of(download(client, batch))
