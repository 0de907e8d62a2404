"""A batch ends exactly once when several transactions end its tasks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import runner, transitions
from image_processor.jobs.claim import claim
from image_processor.library import batch_ends
from image_processor.models import SourceImage, TransformationTask
from image_processor.transform import task_actions
from tests.api.locks import until_waiting
from tests.api.views.pipelines.batches.batch_requests import (
    CROP,
    NO_TASKS,
    RESIZE,
    create_batch,
    create_images,
    finished_events,
    get_batch,
)
from tests.builders import rows
from tests.threads import await_end


def start_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_simultaneous_ends_ends_the_batch(
    client: APIClient, images: list[int]
) -> None:
    """Neither transaction sees the other's uncommitted task, so the second waits for the first."""
    batch = create_batch(client, images[:2])
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    with transaction.atomic():
        transitions.fail(job, "encode_failed", "It could not be written.")
        batch_ends.settle(batch["id"])
        second = start_thread(lambda: runner.run_next("light"))
        until_waiting(1)
        assert finished_events() == []
    await_end(second)
    assert get_batch(client, batch)["finished_at"]
    (event,) = finished_events()
    assert (event["succeeded"], event["failed"]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_retry_during_the_last_task_keeps_the_batch_open(
    client: APIClient, user: Any, images: list[int], work_off: Callable[[], None]
) -> None:
    batch = create_batch(client, [images[0], images[3]], CROP)  # the second is FAILED
    with transaction.atomic():
        assert task_actions.retry_failed(user.pk, batch_id=batch["id"]) == (1, False)
        last = start_thread(lambda: runner.run_next("light"))
        until_waiting(1)
    await_end(last)
    half = get_batch(client, batch)
    assert half["counts"] == {**NO_TASKS, "PENDING": 1, "SUCCESS": 1}
    assert half["finished_at"] is None
    assert finished_events() == []
    work_off()
    assert [event["run"] for event in finished_events()] == [1]


@pytest.mark.django_db(transaction=True)
def test_many_workers_end_each_batch_once(client: APIClient, user: Any, at_once: Any) -> None:
    source = rows.image(user)
    batches = [create_batch(client, [source.pk], RESIZE, quality=n + 1) for n in range(3)]
    many_images = create_images(user, 6)
    SourceImage.objects.filter(pk__in=many_images).update(metadata=source.metadata)
    whole = create_batch(client, many_images)
    at_once(9, lambda number: runner.run_next("light"))
    assert len(finished_events()) == 4
    assert {event["batch"] for event in finished_events()} == {
        whole["id"],
        *(batch["id"] for batch in batches),
    }
