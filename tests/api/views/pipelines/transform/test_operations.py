"""The catalogue of operations, and the example of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor.engine import catalogue
from tests.builders import pictures
from tests.engine.builders import step


@pytest.mark.long  # the tests of the engine run them, too
def test_the_example_of_every_operation_runs(
    client: APIClient, request_transform: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    operations = client.get("/api/v1/operations/").json()
    assert [operation["name"] for operation in operations] == [item["name"] for item in catalogue()]
    assert {operation["name"] for operation in operations} >= {
        "resize",
        "crop",
        "rotate",
        "watermark",
        "flip",
        "mirror",
        "compress",
        "change_format",
        "apply_filter",
    }
    for operation in operations:
        # The enlarged image is large enough for every example.
        enlarged = step("resize", width=600, height=400)
        answer = request_transform(enlarged, operation["example"])
        assert answer.status_code == 201, (operation["name"], answer.content)
        work_off()
        task = client.get(answer["Location"]).json()
        assert task["status"] == "SUCCESS", task
        fetched = APIClient().get(task["result_url"])
        assert pictures.opened(b"".join(fetched.streaming_content)).size == (
            result_size(client, task)
        )


def result_size(client: APIClient, task: dict[str, Any]) -> tuple[int, int]:
    result = client.get(f"/api/v1/images/transformed/{task['result_image']}/").json()
    return result["metadata"]["width"], result["metadata"]["height"]


def test_the_catalogue_needs_no_user() -> None:
    answer = APIClient().get("/api/v1/operations/")
    assert answer.status_code == 200
    assert answer.json()
    for operation in answer.json():
        assert operation.keys() == {"name", "group", "description", "parameters", "example"}
