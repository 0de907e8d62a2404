"""The tasks of a batch do not delay other tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import runner
from image_processor.jobs.claim import claim
from image_processor.models import SourceImage, TransformationTask
from tests.api.views.pipelines.batches.batch_requests import RESIZE, create_batch, create_images
from tests.builders import rows


def test_a_single_task_is_claimed_before_the_rest_of_its_owners_batch(
    client: APIClient, user: Any, upload: Callable[..., dict[str, Any]]
) -> None:
    create_batch(client, create_images(user, 50))
    waiting = [claim(TransformationTask, "light", release=ENGINE_RELEASE) for _ in range(5)]
    single = rows.task(SourceImage.objects.get(pk=upload(client)["id"]))
    served = [claim(TransformationTask, "light", release=ENGINE_RELEASE) for _ in range(2)]
    assert single in served
    assert {task.batch_id for task in served if task and task != single} == {waiting[0].batch_id}


def test_a_batch_does_not_delay_tasks_of_other_users(
    client: APIClient, user: Any, client_of: Any, make_user: Any, upload: Any
) -> None:
    create_batch(client, create_images(user, 50))
    runner.run_next("light")
    other = client_of(make_user())
    image = upload(other)["id"]
    task = other.post(f"/api/v1/images/{image}/transform/", {"transformations": RESIZE}).json()
    for _ in range(2):
        runner.run_next("light")
    assert other.get(f"/api/v1/tasks/{task['id']}/").json()["status"] == "SUCCESS"
