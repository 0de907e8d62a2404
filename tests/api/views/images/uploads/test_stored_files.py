"""Equal files are stored once, and a failed storage leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from image_processor.library import removal
from image_processor.models import SourceImage, StoredObject, UnclaimedObject
from tests.api.problems import refused
from tests.api.views.images.uploads.conftest import UPLOAD
from tests.builders import pictures


def test_equal_files_share_a_stored_object(post_file: Callable[..., Any]) -> None:
    first, second, third = (post_file(pictures.jpeg(), name).json() for name in ("a", "b", "c"))
    assert first["duplicate_of"] is None
    assert second["duplicate_of"] == third["duplicate_of"] == first["id"]
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert StoredObject.objects.count() == 1
    assert not UnclaimedObject.objects.exists()


def test_equal_files_of_two_users_are_two_objects(
    post_file: Callable[..., Any],
    client_of: Any,
    make_user: Any,
    upload: Callable[..., dict[str, Any]],
) -> None:
    first = post_file(pictures.jpeg()).json()
    second = upload(client_of(make_user()), pictures.jpeg())
    assert second["duplicate_of"] is None
    assert second["owner"] != first["owner"]
    keys = StoredObject.objects.values_list("key", flat=True)
    assert len(set(keys)) == 2


@pytest.mark.django_db(transaction=True)
def test_simultaneous_equal_files_share_a_stored_object(
    user: Any, client_of: Any, at_once: Callable[..., list[Any]]
) -> None:
    def post(number: int) -> int:
        form = {"file": SimpleUploadedFile("a.jpg", pictures.jpeg())}
        return client_of(user).post(UPLOAD, form, format="multipart").status_code

    assert at_once(6, post) == [201] * 6
    assert StoredObject.objects.count() == 1
    assert SourceImage.objects.count() == 6


def test_an_unavailable_storage_is_503(
    post_file: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    real = settings.STORAGES
    blocked = tmp_path / "a-file-where-the-folder-should-be"
    blocked.touch()
    settings.STORAGES = {
        **real,
        "default": {**real["default"], "OPTIONS": {"location": str(blocked)}},
    }
    answer = post_file(pictures.jpeg())
    refused(answer, 503, "storage_unavailable")
    assert answer["Retry-After"]
    assert str(blocked) not in answer.content.decode()
    settings.STORAGES = real
    assert not SourceImage.objects.exists()
    assert not StoredObject.objects.exists()
    UnclaimedObject.objects.update(remove_after=Now())
    assert removal.sweep() == 1  # the upload may have written its key
    assert not UnclaimedObject.objects.exists()
    assert post_file(pictures.jpeg()).status_code == 201


def test_a_missing_temporary_folder_is_503(
    post_file: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    """Django writes a large upload to a temporary folder, which does not exist here."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "gone")
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused(post_file(pictures.jpeg(400, 300)), 503, "storage_unavailable")
    assert not SourceImage.objects.exists()
