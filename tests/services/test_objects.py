"""Stored objects: one per fingerprint, gone with the last reference, never without a row."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from image_processor.library import images, objects, quotas, results
from image_processor.models import Quota, StoredObject, TransformedImage, UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.errors import ObjectMissing, StorageUnavailable
from image_processor.tasks import work
from tests.builders import pictures, rows
from tests.builders.locking import is_locked, locked_elsewhere
from tests.scripts.processes import DEADLINE
from tests.threads import await_end

FIELDS: dict[str, Any] = {"size_bytes": 4, "content_type": "image/png", "metadata": {}}


def on_disk() -> set[str]:
    root = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def adopt(owner: Any, key: str, fingerprint: str = "f" * 64) -> StoredObject:
    with transaction.atomic():
        return objects.adopt(fingerprint, key, owner_id=owner.pk, **FIELDS)


def test_a_written_object_is_unclaimed_until_it_is_adopted(user: Any) -> None:
    objects.write("results/aa/one.png", b"data", "image/png")
    assert UnclaimedObject.objects.get().key == "results/aa/one.png"
    assert objects.sweep() == 0
    stored = adopt(user, "results/aa/one.png")
    assert not UnclaimedObject.objects.exists()
    assert object_storage().get(stored.key) == b"data"


def test_an_object_that_nobody_adopts_is_removed(db: None) -> None:
    objects.write("results/aa/lost.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now() - timedelta(seconds=1))
    assert objects.sweep() == 1
    with pytest.raises(ObjectMissing):
        object_storage().get("results/aa/lost.png")
    assert not UnclaimedObject.objects.exists()


def test_the_second_of_two_equal_results_is_thrown_away(user: Any) -> None:
    objects.write("results/aa/first.png", b"data", "image/png")
    objects.write("results/aa/second.png", b"data", "image/png")
    first = adopt(user, "results/aa/first.png")
    assert adopt(user, "results/aa/second.png") == first
    assert objects.sweep() == 1
    assert object_storage().get(first.key) == b"data"
    assert "results/aa/second.png" not in on_disk()


def test_an_object_that_was_swept_cannot_be_adopted(user: Any) -> None:
    objects.write("results/aa/late.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now())
    objects.sweep()
    with pytest.raises(StorageUnavailable):
        adopt(user, "results/aa/late.png")
    assert not StoredObject.objects.exists()


def test_a_failed_write_leaves_nothing_behind(db: None) -> None:
    objects.write("sources/folder", b"data", "image/png")
    with pytest.raises(StorageUnavailable):
        objects.write("sources/folder/below-a-file.png", b"data", "image/png")
    failed = UnclaimedObject.objects.filter(key__endswith="file.png")
    assert objects.sweep() == 0  # a store that did not answer may still carry the write out
    # But it is not taken for one that is still being written.
    assert failed.filter(remove_after__lte=Now() + objects.RETRY_PAUSE).exists()
    failed.update(remove_after=Now())
    objects.sweep()
    assert not failed.exists()


def test_the_row_is_there_before_the_bytes(db: None) -> None:
    """A process that dies while it writes leaves nothing that no row knows of."""
    key = "results/aa/early.png"
    known: list[bool] = []
    objects.write_by(key, lambda: known.append(UnclaimedObject.objects.filter(key=key).exists()))
    assert known == [True]


def test_bytes_without_room_are_not_adopted(user: Any) -> None:
    Quota.objects.create(owner=user, storage_mb=1)
    limit = 1024 * 1024
    quotas.add_bytes(user.pk, limit - FIELDS["size_bytes"])
    for name in ("fits", "over"):
        objects.write(f"sources/aa/{name}.png", b"data", "image/png")

    def take_in(name: str) -> None:
        key = f"sources/aa/{name}.png"
        with transaction.atomic():
            objects.adopt(name, key, owner_id=user.pk, within_quota=True, **FIELDS)

    take_in("fits")
    with pytest.raises(quotas.QuotaExceeded):
        take_in("over")
    assert StoredObject.objects.get().fingerprint == "fits"
    assert UnclaimedObject.objects.get().key == "sources/aa/over.png"


def test_an_object_that_is_taken_cannot_go_meanwhile(
    transactional_db: None, django_user_model: Any
) -> None:
    owner = django_user_model.objects.create_user("keeper", "keeper@example.com", "x")
    stored = rows.image(owner).stored_object
    for take in (
        lambda: objects.lock(stored.fingerprint),
        lambda: objects.lock_all([stored.fingerprint]),
        lambda: objects.release([stored.pk]),  # an image refers to it, so it stays
    ):
        with transaction.atomic():
            take()
            assert is_locked(stored)
        assert not is_locked(stored)


def test_two_who_remove_what_is_unclaimed_do_not_wait_for_each_other(
    transactional_db: None, user: Any
) -> None:
    for name in ("first", "second"):
        objects.write(f"results/cc/{name}.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now())
    first = UnclaimedObject.objects.get(key__endswith="first.png")
    with locked_elsewhere(first), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")  # who waits fails
        assert objects.sweep() == 1
    connection.close()
    assert UnclaimedObject.objects.get() == first
    assert objects.sweep() == 1


@pytest.mark.parametrize("make", [objects.result_key, objects.derived_key])
def test_no_two_attempts_write_to_one_key(make: Callable[..., str]) -> None:
    """Else a late worker would replace, and then have removed, what another has published."""
    keys = {make("f" * 64, uuid.uuid4(), "png") for _ in range(2)}
    assert len(keys) == 2


def test_a_result_is_known_by_all_that_it_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [{"operation": "resize", "params": {"width": 9, "height": 8}}]
    other = [{"operation": "resize", "params": {"width": 8, "height": 9}}]
    pipeline = {"steps": steps, "output": {"format": "PNG"}}
    fingerprint = objects.result_fingerprint
    first = fingerprint(1, "a", pipeline)
    assert fingerprint(1, "a", {"output": {"format": "PNG"}, "steps": steps}) == first
    assert fingerprint(2, "a", pipeline) != first
    assert fingerprint(1, "b", pipeline) != first
    assert fingerprint(1, "a", {**pipeline, "steps": other}) != first
    assert fingerprint(1, "a", {**pipeline, "output": {"format": "WEBP"}}) != first
    monkeypatch.setattr(objects, "engine_version", lambda: "another engine")
    assert fingerprint(1, "a", pipeline) != first


def test_what_is_derived_is_known_by_its_picture_and_its_kind() -> None:
    fingerprint = objects.derived_fingerprint
    kinds = {fingerprint(of, kind) for of in ("a", "b") for kind in ("thumbnail", "proxy")}
    assert len(kinds) == 4


def test_two_images_with_the_same_bytes_share_an_object(user: Any) -> None:
    data = pictures.jpeg(seed=5)
    first, second = rows.image(user, data), rows.image(user, data)
    assert first.stored_object_id == second.stored_object_id
    images.delete(first)
    assert StoredObject.objects.filter(pk=second.stored_object_id).exists()
    images.delete(second)
    assert not StoredObject.objects.exists()
    key = second.stored_object.key
    assert key in on_disk()
    objects.sweep()
    assert key not in on_disk()


def test_two_equal_results_share_an_object_that_goes_with_the_last(user: Any) -> None:
    image = rows.image(user)
    rows.task(image)
    work("light")
    rows.task(image)
    first, second = TransformedImage.objects.order_by("pk")
    assert first.stored_object_id == second.stored_object_id
    results.delete(first)
    assert object_storage().get(second.stored_object.key)
    assert objects.sweep() == 0
    results.delete(second)
    assert not StoredObject.objects.filter(pk=second.stored_object_id).exists()
    assert objects.sweep() == 1


def test_two_owners_share_nothing(make_user: Callable[..., Any]) -> None:
    data = pictures.jpeg(seed=6)
    first, second = rows.image(make_user(), data), rows.image(make_user(), data)
    assert first.stored_object_id != second.stored_object_id


def test_taking_and_dropping_the_same_object_at_once(
    transactional_db: None, django_user_model: Any
) -> None:
    """Uploads of the same bytes race with deletions; what an image refers to is always there."""
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
                objects.sweep()
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
    objects.sweep()
    assert not StoredObject.objects.exists()
    assert not UnclaimedObject.objects.exists()


def test_an_object_that_cannot_be_removed_does_not_keep_others_from_it(db: None) -> None:
    blocked = Path(object_storage().path("results/blocked"))  # type: ignore[attr-defined]
    (blocked / "inner").mkdir(parents=True)  # a folder that is not empty cannot be removed
    UnclaimedObject.objects.create(key="results/blocked", remove_after=Now() - timedelta(days=1))
    objects.write("results/aa/other.png", b"data", "image/png")
    UnclaimedObject.objects.filter(key="results/aa/other.png").update(remove_after=Now())
    assert objects.sweep() == 0
    assert objects.sweep() == 1
    assert UnclaimedObject.objects.get().key == "results/blocked"


def test_a_place_that_was_left_at_this_moment_is_taken(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        objects.write(f"results/bb/{name}.png", b"data", "image/png")
    first = adopt(user, "results/bb/first.png")

    def leave(fingerprint: str) -> None:
        """Who had the place goes between the refusal and the look at who has it."""
        StoredObject.objects.filter(pk=first.pk).delete()

    monkeypatch.setattr(objects, "lock", leave)
    assert adopt(user, "results/bb/second.png").key == "results/bb/second.png"
    assert set(UnclaimedObject.objects.values_list("key", flat=True)) == set()
