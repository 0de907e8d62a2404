"""Request lists."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

IMAGES = "/api/v1/images/"
RESULTS = "/api/v1/images/transformed/"
TASKS = "/api/v1/tasks/"


def list_ids(client: APIClient, path: str, **query: Any) -> list[int]:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]
