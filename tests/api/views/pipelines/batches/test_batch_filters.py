"""Filters select the images of a batch as they select those of the image list."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from image_processor.models import TransformationTask
from tests.api.problems import refused
from tests.api.views.pipelines.batches.batch_requests import BATCHES, RESIZE, create_images

FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0, 1, 2, 3]),
    ({"min_width": 33}, [0, 1, 2]),
    ({"min_width": "33"}, [0, 1, 2]),
    ({"max_width": 63}, [3]),
    ({"min_height": 48, "max_height": 48}, [0, 1, 2]),
    ({"format": "jpg"}, [0, 1, 2, 3]),
    ({"tag": "summer"}, [1]),
    ({"search": "sea pho"}, [1]),
    ({"created_after": "2020-01-01T00:00:00Z"}, [0, 1, 2, 3]),
    ({"created_after": "2020-01-01", "max_width": 32}, [3]),
]


@pytest.mark.parametrize(("conditions", "fitting"), FILTERS, ids=str)
def test_a_filter_selects_the_same_images_in_a_batch_and_in_the_list(
    client: APIClient, images: list[int], conditions: dict[str, Any], fitting: list[int]
) -> None:
    client.patch(f"/api/v1/images/{images[1]}/", {"tags": ["summer", "sea"]})
    expected = sorted(images[n] for n in fitting)
    listed = client.get("/api/v1/images/", conditions).json()["results"]
    assert sorted(image["id"] for image in listed) == expected
    client.post(BATCHES, {"filter": conditions, "transformations": RESIZE})
    found = TransformationTask.objects.values_list("original_image_id", flat=True)
    assert sorted(found) == expected


def test_a_filter_that_matches_too_many_images_is_refused_without_a_count(
    client: APIClient, user: Any
) -> None:
    create_images(user, 1005)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(BATCHES, {"filter": {}, "transformations": RESIZE})
    body = refused(answer, 422, "too_many_images")
    assert (body["limit"], body["actual"]) == (1000, 1001)
    assert "at least 1001" in body["detail"]
    assert not any("count(" in query["sql"].lower() for query in queries)
    assert any("LIMIT 1001" in query["sql"] for query in queries)
