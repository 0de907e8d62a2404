"""An image, its finished task and its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor import tasks

PIPELINE = {"transformations": [{"operation": "flip"}]}


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return upload(client)


@pytest.fixture
def task(client: APIClient, image: dict[str, Any]) -> dict[str, Any]:
    """A finished task of `image`."""
    answer = client.post(f"/api/v1/images/{image['id']}/transform/", PIPELINE)
    assert answer.status_code == 201, answer.content
    tasks.work("light")
    return client.get(answer["Location"]).json()


@pytest.fixture
def details(image: dict[str, Any], task: dict[str, Any]) -> list[str]:
    return [
        f"/api/v1/images/{image['id']}/",
        f"/api/v1/tasks/{task['id']}/",
        f"/api/v1/images/transformed/{task['result_image']}/",
    ]
