"""Stored objects: one per fingerprint, removed with the last reference, never without a row."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.db.transaction import TransactionManagementError

from image_processor.library import images, removal, results, stored_objects
from image_processor.library.accounting import quotas
from image_processor.models import Quota, StoredObject, TransformedImage, UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.errors import ObjectMissing, StorageUnavailable
from image_processor.tasks import work
from tests.builders import pictures, rows
from tests.builders.locking import is_locked, locked_elsewhere
from tests.scripts.processes import DEADLINE
from tests.threads import await_end

FIELDS: dict[str, Any] = {"size_bytes": 4, "content_type": "image/png", "metadata": {}}


def list_files() -> set[str]:
    root = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def adopt(owner: Any, key: str, fingerprint: str = "f" * 64) -> StoredObject:
    with transaction.atomic():
        return stored_objects.adopt(fingerprint, key, owner_id=owner.pk, **FIELDS)


def test_a_written_object_is_unclaimed_until_it_is_adopted(user: Any) -> None:
    stored_objects.write("results/aa/one.png", b"data", "image/png")
    assert UnclaimedObject.objects.get().key == "results/aa/one.png"
    assert removal.sweep() == 0
    stored = adopt(user, "results/aa/one.png")
    assert not UnclaimedObject.objects.exists()
    assert object_storage().get(stored.key) == b"data"


def test_an_object_that_nobody_adopts_is_removed(db: None) -> None:
    stored_objects.write("results/aa/lost.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now() - timedelta(seconds=1))
    assert removal.sweep() == 1
    with pytest.raises(ObjectMissing):
        object_storage().get("results/aa/lost.png")
    assert not UnclaimedObject.objects.exists()


def test_the_second_of_two_equal_results_is_discarded(user: Any) -> None:
    stored_objects.write("results/aa/first.png", b"data", "image/png")
    stored_objects.write("results/aa/second.png", b"data", "image/png")
    first = adopt(user, "results/aa/first.png")
    assert adopt(user, "results/aa/second.png") == first
    assert removal.sweep() == 1
    assert object_storage().get(first.key) == b"data"
    assert "results/aa/second.png" not in list_files()


def test_an_object_that_was_swept_cannot_be_adopted(user: Any) -> None:
    stored_objects.write("results/aa/late.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now())
    removal.sweep()
    with pytest.raises(StorageUnavailable):
        adopt(user, "results/aa/late.png")
    assert not StoredObject.objects.exists()


def test_a_failed_write_leaves_nothing_behind(db: None) -> None:
    stored_objects.write("sources/folder", b"data", "image/png")
    with pytest.raises(StorageUnavailable):
        stored_objects.write("sources/folder/below-a-file.png", b"data", "image/png")
    failed = UnclaimedObject.objects.filter(key__endswith="file.png")
    assert removal.sweep() == 0  # a store that did not answer may still carry the write out
    # It is due sooner than an object that is still being written.
    assert failed.filter(remove_after__lte=Now() + removal.RETRY_PAUSE).exists()
    failed.update(remove_after=Now())
    removal.sweep()
    assert not failed.exists()


def test_the_row_is_written_before_the_bytes(db: None) -> None:
    """A process that dies during the write leaves no object without a row."""
    key = "results/aa/early.png"
    row_exists: list[bool] = []
    with stored_objects.writing(key):
        row_exists.append(UnclaimedObject.objects.filter(key=key).exists())
    assert row_exists == [True]


def test_bytes_over_the_quota_are_not_adopted(user: Any) -> None:
    Quota.objects.create(owner=user, storage_mb=1)
    limit = 1024 * 1024
    quotas.add_stored(user.pk, limit - FIELDS["size_bytes"])
    for name in ("fits", "over"):
        stored_objects.write(f"sources/aa/{name}.png", b"data", "image/png")

    def adopt_within_quota(name: str) -> None:
        key = f"sources/aa/{name}.png"
        with transaction.atomic():
            stored_objects.adopt(name, key, owner_id=user.pk, within_quota=True, **FIELDS)

    adopt_within_quota("fits")
    with pytest.raises(quotas.QuotaExceeded):
        adopt_within_quota("over")
    assert StoredObject.objects.get().fingerprint == "fits"
    assert UnclaimedObject.objects.get().key == "sources/aa/over.png"


def test_referencing_an_object_locks_it(transactional_db: None, django_user_model: Any) -> None:
    owner = django_user_model.objects.create_user("keeper", "keeper@example.com", "x")
    stored = rows.image(owner).stored_object
    for reference in (
        lambda: stored_objects.lock(stored.fingerprint),
        lambda: stored_objects.lock_all([stored.fingerprint]),
        lambda: stored_objects.release(
            owner.pk, [stored.pk]
        ),  # kept, because an image refers to it
    ):
        with transaction.atomic():
            reference()
            assert is_locked(stored)
        assert not is_locked(stored)


def test_concurrent_sweeps_do_not_wait_for_each_other(transactional_db: None, user: Any) -> None:
    for name in ("first", "second"):
        stored_objects.write(f"results/cc/{name}.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now())
    first = UnclaimedObject.objects.get(key__endswith="first.png")
    with locked_elsewhere(first), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")  # a sweep that waits fails
        assert removal.sweep() == 1
    connection.close()
    assert UnclaimedObject.objects.get() == first
    assert removal.sweep() == 1


def test_two_images_with_the_same_bytes_share_an_object(user: Any) -> None:
    data = pictures.jpeg(seed=5)
    first, second = rows.image(user, data), rows.image(user, data)
    assert first.stored_object_id == second.stored_object_id
    images.delete(first)
    assert StoredObject.objects.filter(pk=second.stored_object_id).exists()
    images.delete(second)
    assert not StoredObject.objects.exists()
    key = second.stored_object.key
    assert key in list_files()
    removal.sweep()
    assert key not in list_files()


def test_equal_results_share_an_object_until_the_last_is_deleted(user: Any) -> None:
    image = rows.image(user)
    rows.task(image)
    work("light")
    rows.task(image)
    first, second = TransformedImage.objects.order_by("pk")
    assert first.stored_object_id == second.stored_object_id
    results.delete(first)
    assert object_storage().get(second.stored_object.key)
    assert removal.sweep() == 0
    results.delete(second)
    assert not StoredObject.objects.filter(pk=second.stored_object_id).exists()
    assert removal.sweep() == 1


def test_owners_do_not_share_objects(make_user: Callable[..., Any]) -> None:
    data = pictures.jpeg(seed=6)
    first, second = rows.image(make_user(), data), rows.image(make_user(), data)
    assert first.stored_object_id != second.stored_object_id


def test_concurrent_uploads_and_deletions_of_equal_bytes(
    transactional_db: None, django_user_model: Any
) -> None:
    """An image's object always exists, even if equal bytes are uploaded and deleted meanwhile."""
    owner = django_user_model.objects.create_user("racer", "racer@example.com", "x")
    data = pictures.jpeg(seed=7)
    failures: list[BaseException] = []
    start = threading.Barrier(6, timeout=DEADLINE)

    def churn() -> None:
        try:
            start.wait()
            for _ in range(8):
                image = rows.image(owner, data)
                object_storage().get(image.stored_object.key)
                images.delete(image)
                removal.sweep()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=churn) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await_end(thread)
    assert failures == []
    removal.sweep()
    assert not StoredObject.objects.exists()
    assert not UnclaimedObject.objects.exists()


def test_adopt_tries_again_when_the_existing_object_is_deleted(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        stored_objects.write(f"results/bb/{name}.png", b"data", "image/png")
    first = adopt(user, "results/bb/first.png")

    def lock_too_late(fingerprint: str) -> None:
        """Another transaction deletes the existing object before `adopt` can lock it."""
        StoredObject.objects.filter(pk=first.pk).delete()

    monkeypatch.setattr(stored_objects, "lock", lock_too_late)
    assert adopt(user, "results/bb/second.png").key == "results/bb/second.png"
    assert set(UnclaimedObject.objects.values_list("key", flat=True)) == set()


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction() -> None:
    with transaction.atomic():
        assert stored_objects.lock("f" * 64) is None
    with pytest.raises(TransactionManagementError):
        stored_objects.lock("f" * 64)
