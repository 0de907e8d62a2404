"""The last write of a task, while the database goes away under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import Error as DatabaseError
from django.db import connection

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import database_retry, runner, transitions
from image_processor.jobs.claim import claim
from image_processor.jobs.model import Status
from image_processor.library import results
from image_processor.models import TransformationTask, TransformedImage, UnclaimedObject
from image_processor.transform.transformation_job import TransformationJobType
from outbox.models import Event
from tests.builders import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claimed(user: Any) -> TransformationTask:
    rows.task(rows.image(user))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    return job


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Let the database end the connection in so many of the final writes; the ends it had."""
    monkeypatch.setattr(database_retry, "PAUSES", (0, 0))
    create, ended = results.create, []

    def arrange(times: int) -> list[int]:
        def create_or_not(*args: Any) -> Any:
            if len(ended) < times:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    ended.append(cursor.fetchone()[0])
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            return create(*args)

        monkeypatch.setattr(results, "create", create_or_not)
        return ended

    return arrange


def test_it_is_tried_three_times_each_with_a_connection_of_its_own(
    claimed: TransformationTask, cut_off: Callable[[int], list[int]]
) -> None:
    ended = cut_off(2)
    runner.run(TransformationJobType(), claimed)
    assert len(set(ended)) == 2
    claimed.refresh_from_db()
    assert (claimed.status, claimed.attempts, claimed.excused) == (Status.SUCCESS, 1, 0)
    assert TransformedImage.objects.count() == 1
    assert Event.objects.filter(kind="task.succeeded").count() == 1
    assert not UnclaimedObject.objects.exists()


def test_a_write_without_a_transaction_gets_another_connection_too(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_retry, "PAUSES", (0, 0))
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    fail = database_retry.retry_on_database_error(transitions.fail)
    assert fail(claimed, "code", "why")
    claimed.refresh_from_db()
    assert claimed.status == Status.FAILED


def test_after_that_the_task_waits_and_the_attempt_does_not_count(
    claimed: TransformationTask, cut_off: Callable[[int], list[int]]
) -> None:
    assert len(set(cut_off(3))) == 0
    runner.run(TransformationJobType(), claimed)
    claimed.refresh_from_db()
    assert claimed.status == Status.PENDING
    assert claimed.error_code == "database_unavailable"
    assert (claimed.attempts, claimed.excused) == (1, 1)
    assert not TransformedImage.objects.exists()
    assert not Event.objects.filter(kind="task.succeeded").exists()


def test_a_connection_that_died_between_two_requests_is_replaced(
    claimed: TransformationTask,
) -> None:
    """`CONN_HEALTH_CHECKS`: else the first query after a restart of the database fails."""
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close_if_unusable_or_obsolete()  # as Django does at a request's begin and end
    assert TransformationTask.objects.get().pk == claimed.pk


def test_while_the_database_stays_away_the_lease_runs_out(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_retry, "PAUSES", (0, 0))
    tried = []

    def away(self: TransformationJobType, job: TransformationTask) -> None:
        tried.append(job.pk)
        raise DatabaseError("the connection is closed")

    monkeypatch.setattr(TransformationJobType, "lock", away)
    default_storage.delete(claimed.original_image.stored_object.key)
    runner.run(TransformationJobType(), claimed)
    assert len(tried) == 3
    claimed.refresh_from_db()
    assert (claimed.status, claimed.error_code) == (Status.IN_PROGRESS, "")
