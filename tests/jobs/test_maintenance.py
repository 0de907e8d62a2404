"""What the scheduler keeps doing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from image_processor import maintenance
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs.claim import claim
from image_processor.jobs.model import MAX_ATTEMPTS, Status
from image_processor.library import stored_objects
from image_processor.models import TransformationTask, UnclaimedObject
from outbox import events
from outbox.models import Event
from tests.builders import rows

told: list[Event] = []


def remember(event: Event) -> None:
    told.append(event)


def test_a_task_that_lost_every_worker_fails_and_says_so_once(user: Any) -> None:
    rows.task(rows.image(user))
    claim(TransformationTask, "light", release=ENGINE_RELEASE)
    TransformationTask.objects.update(
        attempts=MAX_ATTEMPTS, available_at=Now() - timedelta(seconds=1)
    )
    maintenance.maintain()
    maintenance.maintain()
    task = TransformationTask.objects.get()
    assert (task.status, task.error_code) == (Status.FAILED, "worker_lost")
    assert Event.objects.filter(kind="task.failed").count() == 1


def test_a_part_that_fails_does_not_keep_the_others_from_running(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise OSError("the broker is away")

    monkeypatch.setattr(maintenance, "top_up_queues", broken)
    monkeypatch.setattr(maintenance.removal, "sweep", lambda: ran.append("sweep"))
    maintenance.maintain()
    assert ran == ["sweep"]


def test_what_is_due_is_handed_out_and_removed(user: Any, settings: Any) -> None:
    """Whatever messages were lost."""
    settings.EVENT_HANDLERS = {"told": [f"{__name__}.remember"]}
    told.clear()
    events.record("told", user.pk)
    stored_objects.write("results/aa/left.png", b"data", "image/png")
    UnclaimedObject.objects.update(remove_after=Now())
    maintenance.maintain()
    assert [event.kind for event in told] == ["told"]
    assert not UnclaimedObject.objects.exists()
