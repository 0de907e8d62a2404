"""Removal of unclaimed objects: many at a time, the objects of each owner in turn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from image_processor import tasks
from image_processor.library import images, removal, stored_objects
from image_processor.models import UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.errors import StorageUnavailable
from image_processor.storage.local import PrivateFileStorage
from tests.audit_lines import captured
from tests.builders import pictures, rows
from utils import messages


def leave(*keys: str, owner_id: int = 0, hours: int = 1) -> None:
    """Let objects wait for their removal, for some hours already."""
    for key in keys:
        stored_objects.write(key, b"data", "image/png")
    due = UnclaimedObject.objects.filter(key__in=keys)
    due.update(owner_id=owner_id, remove_after=Now() - timedelta(hours=hours))


@pytest.fixture
def folder() -> str:
    """A prefix of keys for one test, because its rows are rolled back and its files are not."""
    return f"results/{uuid4().hex}"


@pytest.fixture
def removals(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The keys of each call of the storage."""
    calls: list[list[str]] = []
    delete_all = PrivateFileStorage.delete_all

    def record(self: PrivateFileStorage, keys: Collection[str]) -> dict[str, str]:
        calls.append(sorted(keys))
        return delete_all(self, keys)

    monkeypatch.setattr(PrivateFileStorage, "delete_all", record)
    return calls


def test_everything_that_is_due_is_removed_in_few_steps(
    db: None, folder: str, removals: list[list[str]]
) -> None:
    keys = [f"{folder}/{number}.png" for number in range(300)]
    leave(*keys)
    with CaptureQueriesContext(connection) as queries:
        assert removal.sweep() == 300
    assert removals == [sorted(keys)]
    assert len(queries) <= 7
    assert not UnclaimedObject.objects.exists()


def test_each_owner_has_a_turn(
    db: None, folder: str, removals: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One who deletes much does not delay the removal of what others delete later."""
    monkeypatch.setattr(removal, "BATCH", 4)
    leave(*(f"{folder}/much-{number}.png" for number in range(9)), owner_id=1, hours=2)
    leave(f"{folder}/one.png", owner_id=2)
    leave(f"{folder}/two-1.png", f"{folder}/two-2.png", owner_id=3)
    assert removal.sweep() == 12
    first = removals[0]
    assert len([key for key in first if "much" in key]) <= 2
    assert f"{folder}/one.png" in first
    assert len(removals) == 4


def test_an_object_that_cannot_be_removed_does_not_block_others(db: None, folder: str) -> None:
    blocked = Path(object_storage().path(f"{folder}/blocked"))  # type: ignore[attr-defined]
    (blocked / "inner").mkdir(parents=True)  # a folder that is not empty cannot be removed
    UnclaimedObject.objects.create(key=f"{folder}/blocked", remove_after=Now() - timedelta(days=1))
    leave(f"{folder}/other.png")
    with captured("image_processor.library.removal") as lines:
        assert removal.sweep() == 1
    line = lines.only("object.removal_failed")
    assert (line["objects"], "not empty" in line["error"]) == (1, True)
    assert UnclaimedObject.objects.get().key == f"{folder}/blocked"
    assert removal.sweep() == 0  # postponed


def test_a_storage_that_does_not_answer_is_not_asked_for_the_rest(
    db: None, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "BATCH", 2)
    leave(*(f"{folder}/{number}.png" for number in range(5)))
    calls: list[int] = []

    def refuse(self: PrivateFileStorage, keys: Collection[str]) -> dict[str, str]:
        calls.append(len(keys))
        raise StorageUnavailable("The object storage does not answer.")

    monkeypatch.setattr(PrivateFileStorage, "delete_all", refuse)
    assert removal.sweep() == 0
    assert calls == [2]
    assert UnclaimedObject.objects.filter(remove_after__gt=Now()).count() == 2


def test_a_storage_that_removes_nothing_is_not_asked_for_the_rest(
    db: None, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 may refuse each key of a request that it answers, for example without permission."""
    monkeypatch.setattr(removal, "BATCH", 2)
    leave(*(f"{folder}/{number}.png" for number in range(5)))

    def refuse(self: PrivateFileStorage, keys: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(keys, "AccessDenied")

    monkeypatch.setattr(PrivateFileStorage, "delete_all", refuse)
    with captured("image_processor.library.removal") as lines:
        assert removal.sweep() == 0
    assert [(line["objects"], line["error"]) for line in lines()] == [(2, "AccessDenied")]


def test_a_long_sweep_ends_and_wakes_another(
    db: None, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, int]] = []

    def send(name: str, *args: str) -> None:
        sent.append((name, removal._sweeps.in_use))

    monkeypatch.setattr(messages, "send", send)
    monkeypatch.setattr(removal, "BATCH", 2)
    leave(*(f"{folder}/{number}.png" for number in range(5)))
    times = iter([0, 1, removal.SWEEP_SECONDS + 2])
    assert removal.sweep(lambda: next(times)) == 4
    assert sent == [("image_processor.tasks.sweep", 0)]  # so that the next sweep has the slot
    assert removal.sweep() == 1
    assert len(sent) == 1


def test_a_batch_reads_no_more_rows_than_it_removes(db: None) -> None:
    """Of each of many owners it needs one row, however many the owner has."""
    due = Now() - timedelta(hours=1)
    keys = ((owner, f"{owner}/{number}") for owner in range(1, 11) for number in range(10))
    UnclaimedObject.objects.bulk_create(
        [UnclaimedObject(key=key, owner_id=owner, remove_after=due) for owner, key in keys]
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {removal._NEXT}", {"most": 10})
        [[[plan]]] = cursor.fetchall()
    read = [node for node in nodes(plan["Plan"]) if node["Node Type"] == "WindowAgg"]
    assert [node["Actual Rows"] for node in read] == [10]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All nodes of a plan of PostgreSQL."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def test_more_owners_than_a_batch_has_objects_have_turns_by_time(
    db: None, folder: str, removals: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "BATCH", 2)
    for owner in (1, 2, 3):
        leave(f"{folder}/{owner}.png", owner_id=owner, hours=owner)
    assert removal.sweep() == 3
    assert removals == [[f"{folder}/2.png", f"{folder}/3.png"], [f"{folder}/1.png"]]


def test_a_deletion_wakes_the_removal(
    user: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(messages, "send", lambda name, *args, **options: sent.append(name))
    image = rows.image(user, pictures.jpeg(seed=11))
    with django_capture_on_commit_callbacks(execute=True):
        images.delete(image)
    assert "image_processor.tasks.sweep" in sent
    key = image.stored_object.key
    assert UnclaimedObject.objects.get(key=key).owner_id == user.pk
    tasks.sweep()
    assert not object_storage().has(key)
