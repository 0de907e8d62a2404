"""Waiting for a task."""

from __future__ import annotations

import pytest

from image_processing_client import Client, TaskFailed, WaitTimedOut
from tests.client import answers
from tests.client.faulty import Faulty, ok, reset

PENDING = ok(answers.task(status="PENDING"))


def test_the_service_holds_the_answer_back(network: Faulty, client: Client) -> None:
    network.answers(PENDING, reset, ok(answers.task()))
    task = client.tasks.wait(9, timeout=60)
    assert task.status == "SUCCESS"
    assert [seen.path for seen in network.seen] == ["/api/v1/tasks/9/?wait=20"] * 3


def test_the_time_given_is_kept_to(network: Faulty, client: Client) -> None:
    network.answers(PENDING)
    with pytest.raises(WaitTimedOut, match=r"Task 9 is still PENDING after 0\.3 s") as caught:
        client.tasks.wait(9, timeout=0.3)
    assert caught.value.latest.id == 9


def test_a_failed_task_is_an_error_unless_asked_otherwise(network: Faulty, client: Client) -> None:
    failed = answers.task(status="FAILED", error_code="too_large", error_message="Too many pixels.")
    network.answers(PENDING, ok(failed))
    task = client.tasks.get(9)
    with pytest.raises(TaskFailed, match=r"Task 9 is FAILED: Too many pixels\. \(too_large\)"):
        task.wait()
    assert task.wait(check=False).error_code == "too_large"
