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
from image_processor.jobs.claim import claim
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


def test_the_last_attempt_fails(claimed: TransformationTask) -> None:
    TransformationTask.objects.update(attempts=MAX_ATTEMPTS)
    claimed.attempts = MAX_ATTEMPTS
    assert transitions.try_again(claimed, "storage_unavailable", "Later.")
    assert (row().status, row().error_code) == (Status.FAILED, "storage_unavailable")


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
    TransformationTask.objects.update(
        status=status, attempts=3, available_at=None, finished_at=Now(), error_code="worker_lost"
    )
    assert transitions.retry(claimed)
    again = row()
    assert (again.status, again.attempts, again.error_code) == (Status.PENDING, 0, "")
    assert again.finished_at is None
    assert claim(TransformationTask, "light", release=ENGINE_RELEASE) is not None


@pytest.mark.parametrize("status", [Status.PENDING, Status.IN_PROGRESS, Status.SUCCESS])
def test_what_cannot_be_retried(claimed: TransformationTask, status: Status) -> None:
    TransformationTask.objects.update(status=status)
    assert transitions.retry(claimed) is False
    assert row().status == status


@pytest.mark.parametrize(
    ("attempts", "overdue", "lost"),
    [(MAX_ATTEMPTS, True, 1), (MAX_ATTEMPTS, False, 0), (MAX_ATTEMPTS - 1, True, 0)],
)
def test_jobs_that_lost_every_worker_fail(
    claimed: TransformationTask, attempts: int, overdue: bool, lost: int
) -> None:
    moment = Now() + timedelta(seconds=-1 if overdue else 20)
    TransformationTask.objects.update(attempts=attempts, available_at=moment)
    assert transitions.lost(TransformationTask).count() == lost
    assert transitions.fail_lost(row()) is bool(lost)
    expected = (Status.FAILED, "worker_lost") if lost else (Status.IN_PROGRESS, "")
    assert (row().status, row().error_code) == expected
