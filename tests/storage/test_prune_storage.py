"""`manage.py prune_storage` removes objects without a row and lists missing objects."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from image_processor.library import object_keys, orphans, stored_objects
from image_processor.models import StoredObject
from image_processor.storage import object_storage
from image_processor.storage.errors import ObjectMissing
from image_processor.tasks import work
from tests.builders import pictures, rows


@pytest.fixture(params=["disk", "moto", "s3rver"])
def storage(
    request: pytest.FixtureRequest, serve_from: Any, settings: Any, tmp_path: Path
) -> Iterator[Any]:
    """Each storage in turn, empty and in use by the service."""
    if request.param == "disk":
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "image_processor.storage.local.PrivateFileStorage",
                "OPTIONS": {"location": str(tmp_path / "media")},
            },
        }
        yield object_storage()
        return
    store = request.getfixturevalue("moto_store" if request.param == "moto" else "s3rver")
    with serve_from(store):
        for key in store.listed():
            object_storage().delete(key)
        yield object_storage()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that makes all objects some hours older."""

    def advance(hours: float) -> None:
        now = timezone.now() + timedelta(hours=hours)
        monkeypatch.setattr(orphans, "timezone", SimpleNamespace(now=lambda: now))

    return advance


def prune(*options: str) -> str:
    out = io.StringIO()
    call_command("prune_storage", *options, stdout=out)
    return out.getvalue()


def is_there(key: str) -> bool:
    try:
        object_storage().get(key)
    except ObjectMissing:
        return False
    return True


def orphan(name: str, data: bytes = b"orphan") -> str:
    key = f"images/results/{name[:2]}/{name}.png"
    object_storage().put(key, data, "image/png")
    return key


def test_a_dry_run_lists_orphans_and_removes_nothing(storage: Any, user: Any, later: Any) -> None:
    image = rows.image(user)
    orphans = [orphan("aa-lost"), orphan("bb-lost", b"more")]
    later(30)
    output = prune("--dry-run")
    assert re.search(rf"{orphans[0]}\s+6 bytes\s+30 hours", output), output
    assert re.search(rf"{orphans[1]}\s+4 bytes", output), output
    assert image.stored_object.key not in output
    assert "Orphans found: 2 (10 bytes)." in output
    assert all(is_there(key) for key in orphans)


def test_only_orphans_are_removed(storage: Any, user: Any, later: Any) -> None:
    image = rows.image(user)
    stored_objects.write("images/results/cc/being-written.png", b"half", "image/png")
    lost = orphan("aa-lost")
    storage.put("elsewhere/of-others.txt", b"not ours", "text/plain")
    later(30)
    assert "Orphans removed: 1 (6 bytes)." in prune()
    assert not is_there(lost)
    assert is_there(image.stored_object.key)
    assert is_there("images/results/cc/being-written.png")
    assert is_there("elsewhere/of-others.txt")
    storage.delete("elsewhere/of-others.txt")
    assert "Orphans removed: 0 (0 bytes)." in prune()


def test_young_orphans_stay(storage: Any, db: None, later: Any) -> None:
    key = orphan("aa-young")
    later(23)
    assert "Orphans removed: 0" in prune()
    later(2)
    assert "Orphans removed: 0" in prune()
    assert "Orphans removed: 1" in prune("--older-than", "1")
    assert not is_there(key)


def test_missing_objects_are_listed(storage: Any, user: Any, later: Any) -> None:
    image, other = rows.image(user), rows.image(user, pictures.jpeg(seed=2))
    storage.delete(image.stored_object.key)
    lost = orphan("aa-lost")
    later(30)
    out = io.StringIO()
    with pytest.raises(CommandError, match="missing in the storage: 1"):
        call_command("prune_storage", stdout=out)
    missing = next(line for line in out.getvalue().splitlines() if line.startswith("missing"))
    assert image.stored_object.key in missing
    assert f"owner {user.pk}" in missing
    assert other.stored_object.key not in out.getvalue()
    assert not is_there(lost)
    assert StoredObject.objects.count() == 2


def test_in_an_empty_storage_every_object_is_missing(storage: Any, user: Any) -> None:
    for seed in range(3):
        storage.delete(rows.image(user, pictures.jpeg(seed=seed)).stored_object.key)
    with pytest.raises(CommandError, match="missing in the storage: 3"):
        prune()


@pytest.mark.parametrize("storage", ["disk", "moto"], indirect=True)  # S3rver fails at page 2
def test_many_pages_of_objects(
    storage: Any, user: Any, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pages of 4, every orphan and every missing object is found."""
    monkeypatch.setattr(orphans, "PAGE", 4)
    monkeypatch.setattr("image_processor.storage.s3.PAGE", 4)
    images = [rows.image(user, pictures.jpeg(seed=seed)) for seed in range(12)]
    lost = {orphan(f"{number:02x}-{letter}") for number in range(5) for letter in "ab"}
    gone = [image.stored_object.key for image in images[::3]]
    for key in gone:
        storage.delete(key)
    later(30)
    out = io.StringIO()
    with pytest.raises(CommandError, match="missing in the storage: 4"):
        call_command("prune_storage", stdout=out)
    output = out.getvalue()
    assert {key for key in gone if f"missing  {key}" in output} == set(gone)
    assert not any(is_there(key) for key in lost)
    assert all(is_there(image.stored_object.key) for image in images[1::3])
    assert "Orphans removed: 10 (60 bytes)." in output


def test_each_page_takes_two_queries(
    storage: Any, user: Any, later: Any, django_assert_num_queries: Any
) -> None:
    """Two for a page and one for the rest of a prefix, for sources and for results. One each for
    the prefixes of derived objects and of direct uploads, which are empty."""
    rows.tasks(rows.image(user), 5)
    for _ in range(5):
        work("light")
    for number in range(5):
        orphan(f"{number:02x}-x")
    later(30)
    with django_assert_num_queries(8):
        assert "Orphans removed: 5" in prune()


@pytest.mark.parametrize("hours", ["0", "0.5", "-3", "nan", "many"])
def test_an_unsafe_age_is_refused(db: None, hours: str) -> None:
    with pytest.raises(CommandError, match="--older-than"):
        prune("--older-than", hours)


def test_the_survey_covers_every_kind_of_key() -> None:
    token = uuid.uuid4()
    written = [
        object_keys.upload_key("png"),
        object_keys.incoming_key(),
        object_keys.result_key("f" * 64, token, "png"),
        object_keys.derived_key("f" * 64, token, "webp"),
    ]
    assert all(key.startswith(object_keys.PREFIXES) for key in written)


def test_an_unavailable_storage_is_an_error(db: None, closed_store: Any, serve_from: Any) -> None:
    with (
        serve_from(closed_store),
        pytest.raises(CommandError, match="object storage is not responding"),
    ):
        prune()
