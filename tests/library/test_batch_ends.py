"""A batch ends with its last task, whichever way that ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from image_processor import maintenance
from image_processor import tasks as worker
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs.claim import claim
from image_processor.jobs.model import MAX_ATTEMPTS
from image_processor.library import batch_ends, images
from image_processor.models import Batch, SourceImage, TransformationTask
from image_processor.transform import task_actions
from outbox.models import Event
from tests.builders import rows
from tests.builders.locking import is_locked


@pytest.fixture
def source(user: Any) -> SourceImage:
    return rows.image(user)


def batch_of_one(source: SourceImage) -> Batch:
    return rows.batch(source, transformations=rows.RESIZE, format="webp")


def finished() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="batch.finished").values_list("payload", flat=True))


def succeed(task: TransformationTask) -> None:
    worker.work(task.queue)


def fail(task: TransformationTask) -> None:
    default_storage.delete(task.original_image.stored_object.key)
    worker.work(task.queue)


def lose_every_worker(task: TransformationTask) -> None:
    claim(TransformationTask, task.queue, release=ENGINE_RELEASE)
    moment = Now() - timedelta(seconds=1)
    TransformationTask.objects.update(attempts=MAX_ATTEMPTS, available_at=moment)
    assert maintenance.fail_lost_jobs() == 1


def cancel_the_rest(task: TransformationTask) -> None:
    assert task.batch_id is not None
    assert task_actions.cancel_unfinished(task.owner_id, task.batch_id) == 1


def delete_its_image(task: TransformationTask) -> None:
    images.delete(task.original_image)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (succeed, "succeeded"),
        (fail, "failed"),
        (lose_every_worker, "failed"),
        (task_actions.cancel, "cancelled"),
        (cancel_the_rest, "cancelled"),
        (task_actions.delete, None),
        (delete_its_image, None),
    ],
    ids=["success", "failure", "lost", "cancelled", "all cancelled", "deleted", "image deleted"],
)
def test_it_ends_with_its_last_task(
    source: SourceImage, end: Callable[[TransformationTask], object], status: str | None
) -> None:
    batch = batch_of_one(source)
    assert finished() == []
    end(TransformationTask.objects.get())
    batch.refresh_from_db()
    assert batch.finished_at is not None
    assert batch.runs == 1
    none = {"total": 0, "succeeded": 0, "failed": 0, "cancelled": 0}
    ended = {"total": 1, status: 1} if status else {}
    assert finished() == [{"batch": batch.pk, "run": 1, **none, **ended}]


def test_one_of_which_nothing_is_left_to_do_has_ended_at_once(source: SourceImage) -> None:
    batch_of_one(source)
    worker.work("light")
    again = batch_of_one(source)
    again.refresh_from_db()
    assert again.finished_at is not None
    assert [event["batch"] for event in finished()][-1] == again.pk


def test_a_retry_opens_it_again(source: SourceImage) -> None:
    batch = batch_of_one(source)
    task_actions.cancel(TransformationTask.objects.get())
    task_actions.retry(TransformationTask.objects.get())
    batch.refresh_from_db()
    assert batch.finished_at is None
    worker.work("light")
    assert [event["run"] for event in finished()] == [1, 2]


def test_what_happens_to_a_batch_that_has_ended_is_not_told_of(source: SourceImage) -> None:
    batch_of_one(source)
    worker.work("light")
    task_actions.delete(TransformationTask.objects.get())
    assert [event["run"] for event in finished()] == [1]


def test_of_those_who_end_tasks_of_a_batch_one_at_a_time_looks_at_the_others(
    transactional_db: None, make_user: Callable[..., Any]
) -> None:
    """Of two that end at the same moment, neither sees what the other has not committed."""
    batch = batch_of_one(rows.image(make_user()))
    with transaction.atomic():
        batch_ends.settle(batch.pk)
        assert is_locked(batch)
    assert not is_locked(batch)
