"""`POST images/<id>/file-size/`: about how large the file of a result will be."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from celery import current_app
from kombu.simple import SimpleQueue
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.engine import size_estimate
from image_processor.jobs.queues import ESTIMATES, INTERACTIVE
from image_processor.transform import answers, size_estimates
from scripts.local.running.programs import LOW_PRIORITY, WORKERS
from tests.api.problems import refused
from tests.builders import pictures
from tests.threads import await_end
from utils.slots import Slots

FLIP: dict[str, Any] = {"transformations": [{"operation": "flip"}], "format": "webp"}


@pytest.fixture
def messages() -> Iterator[SimpleQueue]:
    """The queue of estimates of the real broker."""
    with current_app.connection() as connection:
        queue = connection.SimpleQueue(ESTIMATES.name)
        queue.clear()
        yield queue
        queue.clear()
        queue.close()


def take(queue: SimpleQueue) -> str:
    message = queue.get(timeout=10)
    message.ack()
    return str(message.payload[0][0])


@pytest.fixture
def image(client: APIClient, upload: Callable[..., Any]) -> int:
    return int(upload(client, pictures.jpeg(600, 400))["id"])


@pytest.fixture
def ask(client: APIClient, image: int) -> Callable[..., Any]:
    """Request estimates for the image."""
    return lambda body=FLIP: client.post(f"/api/v1/images/{image}/file-size/", body)


@pytest.fixture
def estimate(ask: Callable[..., Any], messages: SimpleQueue) -> Callable[..., Any]:
    """Request an estimate, and work on it in a thread."""

    def run(body: Any = FLIP) -> Any:
        thread = threading.Thread(target=lambda: tasks.estimate_size(take(messages)))
        thread.start()
        answer = ask(body)
        await_end(thread)
        return answer.json()["bytes"]

    return run


def test_it_is_the_size_of_the_file_and_nothing_is_stored(
    estimate: Callable[..., Any],
    client: APIClient,
    image: int,
    work_off: Callable[[], None],
    nothing_left: Any,
) -> None:
    with nothing_left():
        size = estimate()
    task = client.post(f"/api/v1/images/{image}/transform/", FLIP)
    work_off()
    result = client.get(task["Location"]).json()["result_image"]
    made = client.get(f"/api/v1/images/transformed/{result}/").json()
    assert size == made["metadata"]["size_bytes"]


def test_no_preview_waits_for_it() -> None:
    """The worker of estimates does not serve previews, and has a low priority."""
    (served,) = [queues for queues in WORKERS if ESTIMATES.name in queues.split(",")]
    assert INTERACTIVE.name not in served
    assert served in LOW_PRIORITY


def test_an_abandoned_one_is_not_made(
    ask: Callable[..., Any], messages: SimpleQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size_estimates, "WAIT_SECONDS", 1)
    assert ask().json() == {"bytes": None}
    monkeypatch.setattr(answers, "push", _fail)
    tasks.estimate_size(take(messages))


def test_a_newer_one_ends_the_older(
    user: Any, messages: SimpleQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And gets its slot, which may be the only one."""
    monkeypatch.setattr(size_estimates, "_slots", Slots(1, shared=True))
    monkeypatch.setattr(size_estimates, "WAIT_SECONDS", 4)
    sizes: list[int | None] = []
    first = answers.new_key()
    older = threading.Thread(
        target=lambda: sizes.append(size_estimates.estimate({}, user.pk, first))
    )
    older.start()
    key = json.loads(take(messages))["key"]
    assert key == first
    second = answers.new_key()
    answers.push(second, answers.SizeEstimate(5))
    assert size_estimates.estimate({}, user.pk, second) == 5
    await_end(older)
    assert sizes == [None]
    assert answers.is_abandoned(first)


def test_a_client_that_disconnects_ends_the_wait(user: Any, messages: SimpleQueue) -> None:
    key = answers.new_key()
    answers.end(key)
    assert size_estimates.estimate({}, user.pk, key) is None
    assert answers.is_abandoned(key)


def test_of_several_at_the_same_time_one_is_left(user: Any) -> None:
    keys = [answers.new_key() for _ in range(8)]
    together = threading.Barrier(len(keys))

    def replace(key: str) -> None:
        together.wait()
        size_estimates._replace_older(user.pk, key)

    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(replace, keys))
    assert [answers.is_abandoned(key) for key in keys].count(False) == 1


def test_work_that_takes_long_is_not_sent(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size_estimate, "_MAX_COST", 0.0)
    monkeypatch.setattr(size_estimates.messages, "send", _fail)
    assert ask().json() == {"bytes": None}


def test_a_failure_is_no_estimate(
    estimate: Callable[..., Any], ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    face = {"operation": "crop", "params": {"width": 9, "height": 9, "anchor": "face"}}
    assert estimate({"transformations": [face]}) is None  # the picture has no face
    monkeypatch.setattr(size_estimates, "_slots", Slots(0))
    assert ask().json() == {"bytes": None}


def test_an_invalid_pipeline_is_refused(ask: Callable[..., Any]) -> None:
    unknown = {"transformations": [{"operation": "none such"}]}
    assert refused(ask(unknown), 400, "invalid_pipeline")["errors"]


def _fail(*args: Any, **kwargs: Any) -> Any:
    raise AssertionError("nothing is sent")
