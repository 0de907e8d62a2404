"""Announce direct uploads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.storage.direct_uploads.upload_steps import DATA, DIRECT_UPLOADS


@pytest.fixture
def announce(client: APIClient) -> Callable[..., dict[str, Any]]:
    """Announce a file; return the body of the answer."""

    def send_form(data: bytes = DATA, **changes: Any) -> dict[str, Any]:
        body = {"file_name": "sea.jpg", "size_bytes": len(data), "content_type": "image/jpeg"}
        answer = client.post(DIRECT_UPLOADS, {**body, **changes})
        assert answer.status_code == 201, answer.content
        return answer.json()

    return send_form
