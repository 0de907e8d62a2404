"""An image, and requests that transform it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.builders import pictures


@pytest.fixture
def image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """An image of 64 x 48 pixels."""
    return upload(client, pictures.jpeg(64, 48))


@pytest.fixture
def request_transform(client: APIClient, image: dict[str, Any]) -> Callable[..., Any]:
    """Post a transform request with these steps and more members of the body."""

    def post(*steps: Any, **members: Any) -> Any:
        body = {"transformations": list(steps), **members}
        return client.post(f"/api/v1/images/{image['id']}/transform/", body)

    return post
