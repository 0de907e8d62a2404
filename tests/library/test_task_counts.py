"""Counts of tasks by day and status, under every change and beside concurrent ones."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import transitions
from image_processor.jobs.claim import claim
from image_processor.library.accounting import task_counts
from image_processor.models import TaskCount, TaskCountChange, TransformationTask
from tests.builders import many, rows
from tests.threads import await_end

LONG_AGO = date(2000, 1, 1)


def counted(owner: Any) -> dict[tuple[date, str], int]:
    return {(day, status): n for day, status, n in task_counts.read(owner.pk, LONG_AGO)}


def present(owner: Any) -> dict[tuple[date, str], int]:
    tasks = TransformationTask.objects.filter(owner=owner).values_list("created_at", "status")
    return dict(Counter((moment.astimezone(UTC).date(), status) for moment, status in tasks))


@pytest.fixture(params=[False, True], ids=["changes", "folded"])
def check(request: Any, user: Any) -> Any:
    """Compare counts with rows; with `folded` after the changes were added to the counts."""

    def check(**by_status: int) -> None:
        if request.param:
            task_counts.fold()
            assert not TaskCountChange.objects.exists()
        found = counted(user)
        assert found == present(user)
        totals: Counter[str] = Counter()
        for (_, status), n in found.items():
            totals[status] += n
        assert totals == by_status

    return check


@pytest.mark.django_db
def test_counts_follow_tasks_through_their_states(user: Any, check: Any) -> None:
    first, *_ = rows.tasks(rows.image(user), 3)
    tasks = TransformationTask.objects
    check(PENDING=3)
    transitions.cancel(tasks.filter(pk=first.pk))
    check(PENDING=2, CANCELLED=1)
    job = claim(TransformationTask, first.queue, release=ENGINE_RELEASE)
    assert job is not None
    check(PENDING=1, IN_PROGRESS=1, CANCELLED=1)
    transitions.renew(job, 0.5)
    transitions.finish(job)
    check(PENDING=1, SUCCESS=1, CANCELLED=1)
    assert transitions.retry(tasks.get(pk=first.pk))
    check(PENDING=2, SUCCESS=1)
    tasks.get(pk=first.pk).delete()
    check(PENDING=1, SUCCESS=1)
    tasks.all().delete()
    check()


@pytest.mark.django_db
def test_a_task_that_moves_to_another_day_is_counted_there(user: Any, check: Any) -> None:
    task = many.task(many.image(user))
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    for moment in (midnight, midnight - timedelta(microseconds=1)):
        TransformationTask.objects.filter(pk=task.pk).update(created_at=moment)
        check(SUCCESS=1)
        assert counted(user) == {(moment.date(), "SUCCESS"): 1}


@pytest.mark.django_db
def test_one_statement_with_many_tasks_writes_one_change(user: Any) -> None:
    many.task(many.image(user), "PENDING")
    task = TransformationTask.objects.get()
    copies = [TransformationTask(**_fields(task)) for _ in range(50)]
    TaskCountChange.objects.all().delete()
    TransformationTask.objects.bulk_create(copies)
    assert TaskCountChange.objects.values_list("tasks", flat=True).get() == 50
    TransformationTask.objects.update(progress=0.5)
    assert TaskCountChange.objects.count() == 1


def _fields(task: TransformationTask) -> dict[str, Any]:
    return {
        field.attname: getattr(task, field.attname)
        for field in task._meta.concrete_fields
        if not field.primary_key
    }


@pytest.mark.django_db(transaction=True)
def test_tasks_of_one_owner_do_not_wait_for_each_other(user: Any) -> None:
    """While one transaction has ended a task, others end theirs, and changes are folded."""
    image = many.image(user)
    first, second = (many.task(image, "PENDING") for _ in range(2))
    done = []

    def end_second() -> None:
        TransformationTask.objects.filter(pk=second.pk).update(status="FAILED")
        done.append(task_counts.fold())
        connection.close()

    with transaction.atomic():
        TransformationTask.objects.filter(pk=first.pk).update(status="SUCCESS")
        thread = threading.Thread(target=end_second, name="end of the second task")
        thread.start()
        await_end(thread)
        assert done == [4]  # two creations, and two changes of the second task
    assert counted(user) == present(user)
    assert task_counts.fold() == 2
    assert counted(user) == present(user)


@pytest.mark.django_db(transaction=True)
def test_schedulers_that_fold_at_once_take_each_change_once(user: Any) -> None:
    image = many.image(user)
    for _ in range(3):
        many.task(image)
    taken = []

    def fold() -> None:
        taken.append(task_counts.fold())
        connection.close()

    with transaction.atomic():
        assert task_counts.fold() == 3
        thread = threading.Thread(target=fold, name="second scheduler")
        thread.start()
        await_end(thread)
    assert taken == [0]
    assert counted(user) == present(user)
    assert TaskCount.objects.get().tasks == 3


@pytest.mark.django_db
def test_fold_is_bounded(user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_counts, "CHUNK", 2)
    image = many.image(user)
    for _ in range(3):
        many.task(image)
    assert [task_counts.fold() for _ in range(3)] == [2, 1, 0]


@pytest.mark.django_db
def test_counts_that_nobody_needs_are_deleted(user: Any) -> None:
    today = datetime.now(UTC).date()
    for status, days, tasks in (("FAILED", 0, 0), ("FAILED", 29, 1), ("FAILED", 32, 1)):
        TaskCount.objects.create(
            owner_id=user.pk, day=today - timedelta(days), status=status, tasks=tasks
        )
    TaskCount.objects.create(owner_id=user.pk + 1, day=today, status="FAILED", tasks=1)  # is gone
    task_counts.forget_old()
    assert TaskCount.objects.get().day == today - timedelta(29)
