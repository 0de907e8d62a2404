"""A lease is kept by renewing it, and lost when the row is someone else's."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import lease, transitions
from image_processor.jobs.claim import LEASE_SECONDS, claim
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.models import TransformationTask
from tests.builders import rows


@pytest.fixture
def claimed(transactional_db: None, django_user_model: Any) -> TransformationTask:
    owner = django_user_model.objects.create_user("lessee", "lessee@example.com", "x")
    rows.task(rows.image(owner))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    return job


def commits_wait_for() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


def test_the_thread_renews_while_the_work_goes_on(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    before = claimed.available_at
    with Lease(claimed) as kept:
        kept.progress = 0.25
        for _ in range(1000):
            row = TransformationTask.objects.get()
            if row.progress == 0.25:
                break
    assert row.progress == 0.25
    assert row.available_at is not None
    assert before is not None
    assert row.available_at > before


def test_a_checkpoint_says_how_far_the_work_is(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "CHECK_SECONDS", 0)
    with Lease(claimed) as kept:
        kept.checkpoint(0.5)
    assert TransformationTask.objects.get().progress == 0.5


def test_work_that_has_just_begun_makes_no_query(
    claimed: TransformationTask, django_assert_num_queries: Any
) -> None:
    with Lease(claimed) as kept, django_assert_num_queries(0):
        kept.checkpoint(0.1)


def test_a_claim_and_a_renewal_do_not_wait_for_the_disk(claimed: TransformationTask) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
    with transaction.atomic():
        assert transitions.renew(claimed, 0.1)
        assert commits_wait_for() == "off"
    assert commits_wait_for() == "on"
    rows.task(claimed.original_image)
    with transaction.atomic():
        assert claim(TransformationTask, "light", release=ENGINE_RELEASE)
        assert commits_wait_for() == "off"
    assert commits_wait_for() == "on"


def test_a_lease_outlasts_two_renewals_that_fail() -> None:
    assert LEASE_SECONDS > 2 * (lease.RENEW_SECONDS + lease.TICK_SECONDS)


def test_a_database_that_does_not_answer_once_loses_no_lease(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "CHECK_SECONDS", 0)
    with Lease(claimed) as kept:
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        kept.checkpoint(0.25)
        assert TransformationTask.objects.get().progress == 0
        kept.checkpoint(0.5)
    assert TransformationTask.objects.get().progress == 0.5


@pytest.mark.parametrize("how", ["taken over", "cancelled", "deleted"])
def test_a_checkpoint_stops_work_that_is_no_longer_ours(
    claimed: TransformationTask, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "CHECK_SECONDS", 0)
    with Lease(claimed) as kept:
        if how == "taken over":
            TransformationTask.objects.update(lease_token=uuid.uuid4())
        elif how == "cancelled":
            transitions.cancel(TransformationTask.objects.all())
        else:
            TransformationTask.objects.all().delete()
        with pytest.raises(LeaseLost):
            kept.checkpoint(0.5)
