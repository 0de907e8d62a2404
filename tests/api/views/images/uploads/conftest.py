"""Upload files through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

UPLOAD = "/api/v1/images/upload/"


@pytest.fixture
def post_file(client: APIClient) -> Callable[..., Any]:
    """Upload bytes under a file name, with more form fields."""

    def post(data: bytes, name: str = "photo.jpg", **fields: Any) -> Any:
        form = {"file": SimpleUploadedFile(name, data), **fields}
        return client.post(UPLOAD, form, format="multipart")

    return post
