"""Every arrow of the state diagram, and those that are not in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import transitions
from image_processor.jobs.claim import LEASE_SECONDS, claim
from image_processor.jobs.model import MAX_ATTEMPTS, Status
from image_processor.models import TransformationTask
from tests.builders import rows


@pytest.fixture
def claimed(user: Any) -> TransformationTask:
    rows.task(rows.image(user))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    return job


def row() -> TransformationTask:
    return TransformationTask.objects.get()


Step = Callable[[TransformationTask], bool]
WORKER_STEPS: list[Any] = [
    pytest.param(lambda job: transitions.renew(job, 0.5), id="renew"),
    pytest.param(transitions.finish, id="finish"),
    pytest.param(lambda job: transitions.fail(job, "code", "why"), id="fail"),
    pytest.param(lambda job: transitions.try_again(job, "code", "why"), id="try again"),
    pytest.param(lambda job: transitions.wait_out(job, "code", "why"), id="wait out"),
    pytest.param(transitions.hand_back, id="hand back"),
]


@pytest.mark.parametrize("step", WORKER_STEPS)
def test_a_worker_whose_lease_was_taken_over_changes_nothing(
    claimed: TransformationTask, step: Step
) -> None:
    TransformationTask.objects.update(lease_token=uuid.uuid4())
    before = TransformationTask.objects.values().get()
    assert step(claimed) is False
    assert TransformationTask.objects.values().get() == before


@pytest.mark.parametrize("step", WORKER_STEPS)
@pytest.mark.parametrize("status", [Status.SUCCESS, Status.FAILED, Status.CANCELLED])
def test_a_finished_job_stays_as_it_is(
    claimed: TransformationTask, step: Step, status: Status
) -> None:
    TransformationTask.objects.update(status=status)
    assert step(claimed) is False
    assert row().status == status


def test_finish(claimed: TransformationTask) -> None:
    TransformationTask.objects.update(error_code="storage_unavailable", error_message="earlier")
    assert transitions.finish(claimed)
    done = row()
    assert done.status == Status.SUCCESS
    assert done.progress == 1
    assert (done.error_code, done.error_message) == ("", "")
    assert done.available_at is None
    assert done.lease_token is None
    assert done.finished_at is not None


def test_fail(claimed: TransformationTask) -> None:
    assert transitions.fail(claimed, "object_missing", "It is gone.")
    done = row()
    assert (done.status, done.error_code) == (Status.FAILED, "object_missing")
    assert done.available_at is None


def test_another_attempt_waits_in_the_row(claimed: TransformationTask) -> None:
    assert transitions.try_again(claimed, "storage_unavailable", "Later.")
    waiting = row()
    assert waiting.status == Status.PENDING
    assert waiting.lease_token is None
    assert waiting.attempts == 1
    assert waiting.available_at is not None
    assert waiting.available_at > timezone.now()


def counting(job: TransformationTask, attempts: int, excused: int) -> TransformationTask:
    """The job as if so many attempts had been made before, this one among them."""
    TransformationTask.objects.update(attempts=attempts, excused=excused)
    job.attempts, job.excused = attempts, excused
    return job


def pause() -> timedelta:
    """How long the row waits from its last change on."""
    waiting = row()
    assert waiting.available_at is not None
    return waiting.available_at - waiting.updated_at


@pytest.mark.parametrize("excused", [0, 4, 300])
def test_the_last_attempt_fails(claimed: TransformationTask, excused: int) -> None:
    job = counting(claimed, MAX_ATTEMPTS + excused, excused)
    assert transitions.try_again(job, "storage_unavailable", "Later.")
    assert (row().status, row().error_code) == (Status.FAILED, "storage_unavailable")


@pytest.mark.parametrize("excused", [0, 4, 300])
@pytest.mark.parametrize(("attempt", "seconds"), [(1, 2), (2, 4)])
def test_the_pause_doubles_with_each_attempt_that_counts(
    claimed: TransformationTask, attempt: int, excused: int, seconds: int
) -> None:
    """An outage may excuse hundreds of attempts; the pause does not grow with them."""
    job = counting(claimed, attempt + excused, excused)
    assert transitions.try_again(job, "internal_error", "Something went wrong.")
    assert (row().status, row().excused) == (Status.PENDING, excused)
    assert pause() == timedelta(seconds=seconds)


@pytest.mark.parametrize(("waited", "seconds"), [(0, 5), (60, 30), (7200, 300)])
def test_an_outage_is_waited_out_ever_longer_up_to_five_minutes(
    claimed: TransformationTask, waited: int, seconds: int
) -> None:
    TransformationTask.objects.update(queued_at=Now() - timedelta(seconds=waited))
    claimed.refresh_from_db()
    assert transitions.wait_out(claimed, "storage_unavailable", "It does not answer.")
    assert (row().status, row().attempts, row().excused) == (Status.PENDING, 1, 1)
    assert abs(pause() - timedelta(seconds=seconds)) < timedelta(seconds=1)


def test_a_job_that_is_handed_back_is_free_at_once_and_its_attempt_does_not_count(
    claimed: TransformationTask,
) -> None:
    assert transitions.hand_back(claimed)
    assert (row().status, row().lease_token, row().excused) == (Status.PENDING, None, 1)
    assert pause() == timedelta(0)


def test_a_renewal_keeps_the_lease_and_tells_the_progress(claimed: TransformationTask) -> None:
    TransformationTask.objects.update(available_at=Now() + timedelta(seconds=1))
    assert transitions.renew(claimed, 0.5)
    assert (row().status, row().progress) == (Status.IN_PROGRESS, 0.5)
    assert pause() == timedelta(seconds=LEASE_SECONDS)


@pytest.mark.parametrize("status", [Status.PENDING, Status.IN_PROGRESS])
def test_cancel(claimed: TransformationTask, status: Status) -> None:
    TransformationTask.objects.update(status=status, error_code="storage_unavailable")
    assert transitions.cancel(TransformationTask.objects.all()) == 1
    assert (row().status, row().error_code) == (Status.CANCELLED, "")
    assert row().available_at is None
    assert transitions.finish(claimed) is False


@pytest.mark.parametrize("status", [Status.SUCCESS, Status.FAILED, Status.CANCELLED])
def test_what_cannot_be_cancelled(claimed: TransformationTask, status: Status) -> None:
    TransformationTask.objects.update(status=status)
    assert transitions.cancel(TransformationTask.objects.all()) == 0
    assert row().status == status


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_retry_starts_anew(claimed: TransformationTask, status: Status) -> None:
    long_ago = Now() - timedelta(hours=3)
    TransformationTask.objects.update(
        status=status,
        attempts=5,
        excused=2,
        progress=0.5,
        queued_at=long_ago,
        available_at=None,
        finished_at=Now(),
        error_code="worker_lost",
        error_message="The worker died.",
    )
    assert transitions.retry(claimed)
    again = row()
    assert (again.status, again.attempts, again.excused) == (Status.PENDING, 0, 0)
    assert (again.error_code, again.error_message, again.progress) == ("", "", 0)
    assert (again.started_at, again.finished_at) == (None, None)
    # As long as for a new job, an outage is waited out.
    assert again.queued_at == again.available_at == again.updated_at
    assert claim(TransformationTask, "light", release=ENGINE_RELEASE) is not None


def test_a_retry_takes_a_new_place(claimed: TransformationTask) -> None:
    """Else it would stand before all who came meanwhile, its owner's own jobs among them."""
    later = rows.task(claimed.original_image)
    transitions.fail(claimed, "code", "why")
    assert transitions.retry(claimed)
    claimed.refresh_from_db()
    assert claimed.position > later.position


@pytest.mark.parametrize("status", [Status.PENDING, Status.IN_PROGRESS, Status.SUCCESS])
def test_what_cannot_be_retried(claimed: TransformationTask, status: Status) -> None:
    TransformationTask.objects.update(status=status)
    assert transitions.retry(claimed) is False
    assert row().status == status


@pytest.mark.parametrize(
    ("attempts", "excused", "overdue", "lost"),
    [
        (MAX_ATTEMPTS, 0, True, 1),
        (MAX_ATTEMPTS, 0, False, 0),
        (MAX_ATTEMPTS - 1, 0, True, 0),
        (MAX_ATTEMPTS + 1, 2, True, 0),
        (MAX_ATTEMPTS + 2, 2, True, 1),
    ],
)
def test_jobs_that_lost_every_worker_fail(
    claimed: TransformationTask, attempts: int, excused: int, overdue: bool, lost: int
) -> None:
    moment = Now() + timedelta(seconds=-1 if overdue else 20)
    TransformationTask.objects.update(attempts=attempts, excused=excused, available_at=moment)
    assert transitions.lost(TransformationTask).count() == lost
    assert transitions.fail_lost(row(), "worker_lost", "why") is bool(lost)
    expected = (Status.FAILED, "worker_lost") if lost else (Status.IN_PROGRESS, "")
    assert (row().status, row().error_code) == expected
