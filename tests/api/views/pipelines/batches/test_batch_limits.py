"""What a batch costs: queries, quota and rate."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from image_processor.models import Batch, Quota, TransformationTask
from tests.api.problems import refused
from tests.api.views.pipelines.batches.batch_requests import (
    BATCHES,
    NO_TASKS,
    create_batch,
    create_images,
    get_batch,
    post_batch,
)


def test_the_number_of_queries_does_not_grow_with_the_images(client: APIClient, user: Any) -> None:
    few, thousand = create_images(user, 10), create_images(user, 1000)
    with CaptureQueriesContext(connection) as of_few:
        create_batch(client, few)
    with CaptureQueriesContext(connection) as of_thousand:
        batch = create_batch(client, thousand)
    assert batch["counts"] == {**NO_TASKS, "PENDING": 1000}
    # One more INSERT, because each holds 500 rows.
    assert len(of_thousand) == len(of_few) + 1
    assert len(of_thousand) <= 30
    with CaptureQueriesContext(connection) as of_show:
        get_batch(client, batch)
    assert len(of_show) <= 4
    with CaptureQueriesContext(connection) as of_cancel:
        client.post(f"{BATCHES}{batch['id']}/cancel/")
    assert len(of_cancel) <= 20
    assert get_batch(client, batch)["counts"] == {**NO_TASKS, "CANCELLED": 1000}


@pytest.mark.parametrize("quota", ["concurrent_tasks", "tasks_per_month"])
def test_a_batch_over_the_quota_creates_no_task(
    client: APIClient, user: Any, images: list[int], quota: str
) -> None:
    Quota.objects.create(owner=user, **{quota: 5})
    create_batch(client, images[:2])
    before = client.get("/api/v1/usage/").json()
    body = refused(post_batch(client, images, [{"operation": "flip"}]), 403, "quota_exceeded")
    assert (body["limit"], body["actual"]) == (5, 6)
    assert client.get("/api/v1/usage/").json() == before
    assert Batch.objects.count() == 1
    assert create_batch(client, images[:3], [{"operation": "flip"}])["total"] == 3


@pytest.mark.django_db(transaction=True)
def test_simultaneous_batches_do_not_exceed_the_quota(
    client: APIClient, user: Any, images: list[int], client_of: Any, at_once: Any
) -> None:
    Quota.objects.create(owner=user, concurrent_tasks=9)
    answers = at_once(5, lambda number: post_batch(client_of(user), images, quality=number + 1))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 403, 403, 403]
    assert TransformationTask.objects.count() == 8


def test_a_batch_counts_as_one_request_against_the_rate_limit(
    client: APIClient, images: list[int], settings: Any
) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "transform": "2/day"}
    batch = create_batch(client, images)
    create_batch(client, images)
    refused(post_batch(client, images), 429, "rate_limited")
    assert get_batch(client, batch)["total"] == 4
