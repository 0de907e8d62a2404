"""What an owner does with a task, also while its worker publishes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import runner
from image_processor.jobs.claim import claim
from image_processor.library import removal
from image_processor.models import (
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
)
from image_processor.tasks import work
from image_processor.transform import task_actions, transformation_job
from image_processor.transform.transformation_job import TransformationJobType
from outbox.models import Event
from tests.api.locks import until_waiting
from tests.builders import rows
from tests.threads import await_end


def test_a_task_deleted_while_its_result_is_published_leaves_no_orphan(
    transactional_db: None, make_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deletion begins when the result is written and not yet committed."""
    task = rows.task(rows.image(make_user()))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    deletion = threading.Thread(target=lambda: (task_actions.delete(task), connection.close()))
    record = transformation_job.events.record

    def begin_the_deletion(*args: Any, **kwargs: Any) -> None:
        record(*args, **kwargs)
        deletion.start()
        until_waiting(1)  # for what the worker holds

    monkeypatch.setattr(transformation_job.events, "record", begin_the_deletion)
    runner.run(TransformationJobType(), job)
    await_end(deletion)

    assert not TransformationTask.objects.exists()
    assert not TransformedImage.objects.exists()
    assert StoredObject.objects.count() == 1  # the source's
    assert UnclaimedObject.objects.count() == 1
    assert removal.sweep() == 1


def test_a_task_that_is_cancelled_is_told_of_once(user: Any) -> None:
    task = rows.task(rows.image(user))
    task_actions.cancel(task)
    with pytest.raises(task_actions.TaskStateConflict):
        task_actions.cancel(task)
    (event,) = Event.objects.filter(kind="task.cancelled")
    assert event.payload == {"task": task.pk}


def test_trying_all_failed_ones_again_leaves_the_cancelled_and_others_alone(
    make_user: Callable[..., Any],
) -> None:
    mine, others = rows.image(make_user()), rows.image(make_user())
    failed, cancelled = rows.tasks(mine, 2)
    other = rows.task(others)
    changed = {"available_at": None, "finished_at": Now()}
    for task, status in ((failed, "FAILED"), (cancelled, "CANCELLED"), (other, "FAILED")):
        TransformationTask.objects.filter(pk=task.pk).update(status=status, **changed)
    assert task_actions.retry_failed(mine.owner_id) == (1, False)
    assert TransformationTask.objects.get(status="PENDING") == failed


def test_a_retry_reports_more_tasks_when_the_images_of_the_first_are_being_deleted(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = rows.tasks(rows.image(user), 2)
    changed = {"status": "FAILED", "available_at": None, "finished_at": Now()}
    TransformationTask.objects.filter(pk__in=[task.pk for task in tasks]).update(**changed)
    monkeypatch.setattr(task_actions, "MAX_RETRIED", 1)
    monkeypatch.setattr(task_actions, "share_images", lambda image_ids, owner_id: set())
    assert task_actions.retry_failed(user.pk) == (0, True)


def test_an_equal_request_is_finished_at_once_and_told_of(user: Any) -> None:
    image = rows.image(user)
    first = rows.task(image)
    work("light")
    second = rows.task(image)
    assert (second.status, second.progress, second.available_at) == ("SUCCESS", 1, None)
    assert second.result_image.stored_object == first.result_image.stored_object
    told = Event.objects.filter(kind="task.succeeded").order_by("pk")
    assert [event.payload["task"] for event in told] == [first.pk, second.pk]
