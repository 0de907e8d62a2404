"""Images for batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.builders import pictures


@pytest.fixture
def images(client: APIClient, upload: Callable[..., dict[str, Any]]) -> list[int]:
    """Three images of 64 x 48 pixels and one of 32 x 24."""
    large = [upload(client, pictures.jpeg(64, 48, seed=n))["id"] for n in range(3)]
    return [*large, upload(client, pictures.jpeg(32, 24))["id"]]
