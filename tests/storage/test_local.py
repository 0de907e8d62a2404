"""`PrivateFileStorage`: objects on the disk, and translated errors."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from rest_framework.test import APIClient

from image_processor.models import StoredObject
from image_processor.storage.errors import ObjectMissing, StorageFull, StorageUnavailable
from image_processor.storage.local import PrivateFileStorage

KEY = "results/ab/cdef/0123.png"


@pytest.fixture
def storage(tmp_path: Path) -> PrivateFileStorage:
    return PrivateFileStorage(str(tmp_path / "media"))


def list_files(storage: PrivateFileStorage) -> list[str]:
    folder = Path(storage.location)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_put_get_and_delete(storage: PrivateFileStorage) -> None:
    storage.put(KEY, b"bytes", "image/png")
    assert storage.get(KEY) == b"bytes"
    file = storage.open_local(KEY)
    assert file is not None
    with file:
        assert file.read() == b"bytes"
    storage.delete(KEY)
    assert not (Path(storage.location) / KEY).parent.exists()
    storage.delete(KEY)
    for read in (storage.get, storage.open_local):
        with pytest.raises(ObjectMissing):
            read(KEY)


def test_delete_keeps_a_folder_with_other_objects(storage: PrivateFileStorage) -> None:
    other = "results/ab/cdef/4567.png"
    storage.put(KEY, b"bytes", "image/png")
    storage.put(other, b"other bytes", "image/png")
    storage.delete(KEY)
    assert storage.get(other) == b"other bytes"


def test_a_large_upload_is_moved_into_place(storage: PrivateFileStorage) -> None:
    with TemporaryUploadedFile("photo.jpg", "image/jpeg", 5, None) as file:
        file.write(b"bytes")
        file.flush()
        storage.put(KEY, file, "image/jpeg")
        assert not Path(file.temporary_file_path()).exists()
        assert storage.get(KEY) == b"bytes"
        assert file.read(0) == b""  # the file stays open for further reads


def test_only_the_owner_can_read_files_and_folders(storage: PrivateFileStorage) -> None:
    storage.probe()
    storage.put(KEY, b"bytes", "image/png")
    path = Path(storage.path(KEY))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    while path != Path(storage.location):
        path = path.parent
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_key_is_written_once(storage: PrivateFileStorage) -> None:
    storage.put(KEY, b"bytes", "image/png")
    with pytest.raises(StorageUnavailable, match=KEY):
        storage.put(KEY, b"other bytes", "image/png")
    assert storage.get(KEY) == b"bytes"
    assert list_files(storage) == [KEY]


class Failing(ContentFile):
    """Content that raises a disk error after its first chunk."""

    def __init__(self, number: int) -> None:
        super().__init__(b"")
        self.number = number

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError(self.number, os.strerror(self.number))


class Racing(ContentFile):
    """Content whose folder disappears once, after it was created and before the file is."""

    folder: Path
    raced = False

    @property
    def temporary_file_path(self) -> str:  # Django reads this after it has created the folder
        if not self.raced:
            self.folder.rmdir()
            self.raced = True
        raise AttributeError


def test_put_recreates_a_folder_that_is_removed_meanwhile(
    storage: PrivateFileStorage,
) -> None:
    content = Racing(b"bytes")
    content.folder = Path(storage.path(KEY)).parent
    storage.put(KEY, content, "image/png")
    assert content.raced
    assert storage.get(KEY) == b"bytes"


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EIO, StorageUnavailable),
    ],
)
def test_a_failed_write_leaves_no_partial_file(
    number: int, error: type[Exception], storage: PrivateFileStorage
) -> None:
    with pytest.raises(error):
        storage.put(KEY, Failing(number), "image/png")
    assert list_files(storage) == []


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    storage = PrivateFileStorage(str(tmp_path / "file" / "media"))
    calls: list[Callable[[], Any]] = [
        storage.probe,
        lambda: storage.put(KEY, b"bytes", "image/png"),
        lambda: storage.get(KEY),
        lambda: storage.open_local(KEY),
    ]
    for call in calls:
        with pytest.raises(StorageUnavailable):
            call()


def test_a_folder_is_no_object(storage: PrivateFileStorage) -> None:
    storage.put(KEY, b"bytes", "image/png")
    for read in (storage.get, storage.open_local):
        with pytest.raises(StorageUnavailable):
            read("results/ab")
    with pytest.raises(StorageUnavailable):
        storage.delete("results/ab")
    storage.delete(f"{KEY}/below a file")
    assert storage.get(KEY) == b"bytes"


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "/etc/passwd"])
def test_no_key_leads_out_of_the_folder(key: str, storage: PrivateFileStorage) -> None:
    outside = Path(storage.location).parent / "outside"
    outside.write_bytes(b"secret")
    calls: list[Callable[[], Any]] = [
        lambda: storage.put(key, b"bytes", "image/png"),
        lambda: storage.get(key),
        lambda: storage.open_local(key),
        lambda: storage.delete(key),
    ]
    for call in calls:
        with pytest.raises(SuspiciousFileOperation):
            call()
    assert outside.read_bytes() == b"secret"


def test_originals_and_results_whose_file_is_missing(
    client: APIClient,
    upload: Callable[..., dict[str, Any]],
    submit: Callable[..., dict[str, Any]],
    run: Callable[..., dict[str, Any]],
) -> None:
    from image_processor.storage import object_storage

    image = upload(client)
    done = run(submit(client, image["id"]))
    waiting = client.post(
        f"/api/v1/images/{image['id']}/transform/",
        {"transformations": [{"operation": "flip"}]},
    )
    for key in StoredObject.objects.values_list("key", flat=True):
        object_storage().delete(key)

    for path in (
        f"/api/v1/images/{image['id']}/original/",
        f"/api/v1/images/transformed/{done['result_image']}/download/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "object_missing")
    assert client.get(image["file"]).status_code == 404
    assert client.get(done["result_url"]).status_code == 404
    assert client.get(f"/api/v1/images/{image['id']}/").status_code == 200
    assert waiting.status_code == 201, waiting.content
    failed = run(waiting.json())
    assert (failed["status"], failed["error_code"]) == ("FAILED", "object_missing")
