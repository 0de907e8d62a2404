"""A worker that stops hands back what takes longer than it waits."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import lease, stopping
from image_processor.jobs.claim import claim
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.models import TransformationTask
from tests.builders import rows
from tests.threads import await_end

# Less than a mutation may take: its tests are to fail on it, not to hang.
PATIENCE = 20.0


@pytest.fixture(autouse=True)
def _stops() -> Iterator[None]:
    yield
    stopping._moment[:] = bytes(8)


@pytest.fixture
def claimed(transactional_db: None, django_user_model: Any) -> TransformationTask:
    owner = django_user_model.objects.create_user("lessee", "lessee@example.com", "x")
    rows.task(rows.image(owner))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    return job


def test_children_see_what_the_main_process_was_told() -> None:
    assert not stopping.is_over()
    child = os.fork()
    if not child:
        end = time.monotonic() + PATIENCE
        while not stopping.is_over() and time.monotonic() < end:
            pass
        os._exit(7 if stopping.is_over() else 1)
    stopping.begin(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_until_then_work_goes_on() -> None:
    stopping.begin(1000)
    assert not stopping.is_over()


def test_the_job_is_free_at_once_and_its_attempt_does_not_count(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "TICK_SECONDS", 0.01)
    stopping.begin(0)
    with Lease(claimed) as kept:
        await_end(kept._thread, within=PATIENCE)
        with pytest.raises(LeaseLost):
            kept.checkpoint(0.5)
    row = TransformationTask.objects.get()
    assert (row.status, row.attempts, row.excused) == (Status.PENDING, 1, 1)
    assert claim(TransformationTask, "light", release=ENGINE_RELEASE) is not None


def test_what_has_ended_meanwhile_stays_as_it_is(
    claimed: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "TICK_SECONDS", 0.01)
    TransformationTask.objects.update(status=Status.CANCELLED, lease_token=None)
    stopping.begin(0)
    with Lease(claimed) as kept:
        await_end(kept._thread, within=PATIENCE)
    row = TransformationTask.objects.get()
    assert (row.status, row.excused) == (Status.CANCELLED, 0)
