"""Previews that nobody renders, and previews that nobody waits for."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from kombu.simple import SimpleQueue
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.http import disconnection
from api.http.client_end import ClientEnd
from image_processor import tasks
from image_processor.transform import (
    abandonment,
    answers,
    preview_requests,
    preview_worker,
)
from tests.api.problems import refused
from tests.api.views.pipelines.previews.preview_requests import take
from utils.slots import Slots


def test_without_a_worker_a_preview_is_503_and_its_message_is_ignored_later(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests, "WAIT_SECONDS", 0.05)
    refused(preview(), 503, "preview_unavailable")
    made: list[Any] = []
    monkeypatch.setattr(preview_worker, "preview", lambda *args, **kwargs: made.append(args))
    tasks.preview(take(messages))
    assert made == []


def test_the_preview_of_a_disconnected_client_is_not_made(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    end = ClientEnd()
    end.set()
    problem = refused(preview(**{disconnection.KEY: end}), 503, "preview_unavailable")
    assert "closed its side of the connection" in problem["detail"]  # perhaps it still reads
    made: list[Any] = []
    monkeypatch.setattr(preview_worker, "preview", lambda *args, **kwargs: made.append(args))
    tasks.preview(take(messages))
    assert made == []


def test_a_client_that_disconnects_ends_the_only_wait(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    end = ClientEnd()
    slots = Slots(1)
    monkeypatch.setattr(preview_requests, "_slots", slots)
    waits: list[float] = []

    def pop(key: str, seconds: float) -> Any:
        waits.append(seconds)
        end.set()
        return real_pop(key, seconds)

    real_pop = answers.pop
    monkeypatch.setattr(answers, "pop", pop)
    problem = refused(preview(**{disconnection.KEY: end}), 503, "preview_unavailable")
    assert "closed its side of the connection" in problem["detail"]
    assert waits == [preview_requests.WAIT_SECONDS]
    slots.take(1)
    assert answers.is_abandoned(json.loads(take(messages))["key"])


@pytest.mark.parametrize(("seconds", "checks"), [(3_600, 1), (0, 101)])
def test_the_worker_seldom_checks_for_a_disconnected_client(
    messages: SimpleQueue,
    preview: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    checks: int,
) -> None:
    monkeypatch.setattr(preview_requests, "WAIT_SECONDS", 0.05)
    refused(preview(), 503, "preview_unavailable")
    checks_made: list[str] = []

    def reach_checkpoints(*args: Any, checkpoint: Callable[[float], None], **kwargs: Any) -> None:
        for step in range(100):
            checkpoint(step / 100)
        raise abandonment.Abandoned

    monkeypatch.setattr(preview_worker, "preview", reach_checkpoints)
    monkeypatch.setattr(abandonment, "CHECK_SECONDS", seconds)
    monkeypatch.setattr(answers, "is_abandoned", checks_made.append)
    tasks.preview(take(messages))
    assert len(checks_made) == checks


def test_an_unread_answer_expires() -> None:
    key = answers.new_key()
    answers.push(key, answers.SizeEstimate(7))
    assert 0 < answers._redis().ttl(cache.make_key(key)) <= 30
    assert answers.pop(key, 1) == answers.SizeEstimate(7)


def test_without_the_cache_a_preview_is_503_at_once(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    absent = Redis(port=port, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(answers, "_redis", lambda *seconds: absent)
    problem = refused(preview(), 503, "preview_unavailable")
    assert problem["detail"] == "The cache for previews is not responding."
    tasks.preview(take(messages))  # the worker does not fail without the cache


def test_an_unavailable_broker_is_503(
    preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests.messages, "send", lambda *args, **kwargs: False)
    refused(preview(), 503, "preview_unavailable")
