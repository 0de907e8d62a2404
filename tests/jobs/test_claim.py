"""Claiming: fair, exclusive, bounded."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs.claim import LEASE_SECONDS, claim
from image_processor.jobs.model import MAX_ATTEMPTS, Status
from image_processor.models import QueueClock, TransformationTask
from tests.builders import rows
from tests.builders.locking import locked_elsewhere
from tests.scripts.processes import DEADLINE
from tests.threads import await_end

LEASE = timedelta(seconds=LEASE_SECONDS)


def take() -> TransformationTask | None:
    return claim(TransformationTask, "light", release=ENGINE_RELEASE)


def test_a_claim_leases_the_row_and_counts_the_attempt(user: Any) -> None:
    task = rows.task(rows.image(user))
    claimed = take()
    assert claimed is not None
    assert claimed.pk == task.pk
    row = TransformationTask.objects.get()
    assert row.status == Status.IN_PROGRESS
    assert row.attempts == 1
    assert row.lease_token == claimed.lease_token is not None
    assert row.available_at is not None
    assert row.started_at is not None
    assert abs(row.available_at - row.started_at - LEASE) < timedelta(seconds=1)


def test_nothing_to_claim(user: Any) -> None:
    assert take() is None


def test_one_owners_many_tasks_do_not_hold_up_anothers_one(
    make_user: Callable[..., Any],
) -> None:
    many, one = make_user(), make_user()
    rows.tasks(rows.image(many), 20)
    for _ in range(3):
        take()
    late = rows.task(rows.image(one))
    served = [job.pk for job in (take(), take()) if job]
    assert late.pk in served


def test_an_idle_owner_gains_no_credit(make_user: Callable[..., Any]) -> None:
    busy, idle = make_user(), make_user()
    worked_on = rows.image(busy)
    rows.tasks(worked_on, 10)
    for _ in range(10):
        take()
    # Both ask for more: they take turns, although one has had ten and the other none.
    rows.tasks(worked_on, 4, start=30)
    rows.tasks(rows.image(idle), 4, start=30)
    served = Counter(job.owner_id for job in (take() for _ in range(6)) if job)
    assert min(served[busy.pk], served[idle.pk]) >= 2


def test_two_parallel_claims_never_take_the_same_row(
    transactional_db: None, django_user_model: Any
) -> None:
    owner = django_user_model.objects.create_user("parallel", "p@example.com", "x")
    expected = {task.pk for task in rows.tasks(rows.image(owner), 24)}
    taken: list[int] = []
    start = threading.Barrier(8, timeout=DEADLINE)

    def work() -> None:
        try:
            start.wait()
            while (job := take()) is not None:
                taken.append(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await_end(thread)
    assert sorted(taken) == sorted(expected)


def test_a_claim_passes_over_a_row_that_another_worker_is_claiming(
    transactional_db: None, django_user_model: Any
) -> None:
    owner = django_user_model.objects.create_user("waits", "w@example.com", "x")
    first, second = rows.tasks(rows.image(owner), 2)
    with locked_elsewhere(first), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")  # a claim that waits fails
        assert take() == second
        assert take() is None
    connection.close()


def test_the_virtual_time_is_the_latest_place_that_was_claimed(user: Any) -> None:
    first, second = rows.tasks(rows.image(user), 2)
    assert first.position < second.position

    def virtual_time() -> float:
        return QueueClock.objects.get(queue="light").virtual_time

    take()
    assert virtual_time() == first.position
    take()
    assert virtual_time() == second.position
    TransformationTask.objects.filter(pk=first.pk).update(available_at=Now())
    assert take() == first
    assert virtual_time() == second.position


def test_a_second_attempt_keeps_the_start_and_begins_at_no_progress(user: Any) -> None:
    rows.task(rows.image(user))
    take()
    start = Now() - timedelta(minutes=5)
    TransformationTask.objects.update(progress=0.5, available_at=Now(), started_at=start)
    started_at = TransformationTask.objects.get().started_at
    second = take()
    assert second is not None
    assert (second.started_at, second.progress) == (started_at, 0)


def test_excused_attempts_do_not_keep_a_job_from_being_claimed(user: Any) -> None:
    rows.task(rows.image(user), attempts=MAX_ATTEMPTS + 1, excused=2)
    assert take() is not None


def test_a_row_whose_lease_ran_out_is_claimed_again(user: Any) -> None:
    rows.task(rows.image(user))
    first = take()
    assert take() is None
    TransformationTask.objects.update(available_at=Now() - timedelta(seconds=1))
    second = take()
    assert first is not None
    assert second is not None
    assert second.pk == first.pk
    assert second.lease_token != first.lease_token
    assert second.attempts == 2


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"available_at": Now() + timedelta(seconds=60)}, id="not before"),
        pytest.param({"attempts": MAX_ATTEMPTS}, id="attempts used up"),
        pytest.param({"engine_release": ENGINE_RELEASE + 1}, id="newer engine"),
        pytest.param({"queue": "heavy"}, id="another queue"),
        pytest.param({"status": Status.SUCCESS, "available_at": None}, id="finished"),
    ],
)
def test_what_is_not_claimed(user: Any, changes: dict[str, Any]) -> None:
    rows.task(rows.image(user), **changes)
    assert take() is None


def test_an_older_engine_release_is_claimed(user: Any) -> None:
    rows.task(rows.image(user), engine_release=0)
    assert take() is not None


def test_a_claim_is_one_query(user: Any, django_assert_num_queries: Any) -> None:
    rows.task(rows.image(user))
    with django_assert_num_queries(1):
        take()
