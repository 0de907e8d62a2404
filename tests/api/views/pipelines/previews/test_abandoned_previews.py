"""Previews that nobody renders, and previews that nobody waits for."""

from __future__ import annotations

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
from image_processor import tasks
from image_processor.transform import (
    abandonment,
    answers,
    preview_plans,
    preview_requests,
    preview_worker,
)
from tests.api.problems import refused
from tests.api.views.pipelines.previews.preview_requests import FLIP, take
from tests.builders import rows


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
    monkeypatch.setattr(preview_requests, "WAIT_SECONDS", 10_000)
    monkeypatch.setattr(disconnection, "may_be_gone", lambda request: True)
    problem = refused(preview(), 503, "preview_unavailable")
    assert "closed its side of the connection" in problem["detail"]  # perhaps it still reads
    made: list[Any] = []
    monkeypatch.setattr(preview_worker, "preview", lambda *args, **kwargs: made.append(args))
    tasks.preview(take(messages))
    assert made == []


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


def test_an_unread_answer_expires(messages: SimpleQueue, user: Any) -> None:
    planned = preview_plans.plan_preview(rows.image(user), **FLIP)
    with preview_requests.request_preview(planned, user.pk) as pending:
        tasks.preview(take(messages))
        key = cache.make_key(pending._key)
        assert 0 < answers._redis().ttl(key) <= 30
        assert pending.wait(1)
    assert pending.image().width == 64


def test_without_the_cache_a_preview_is_503_at_once(
    messages: SimpleQueue, preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    absent = Redis(port=port, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(answers, "_redis", lambda: absent)
    problem = refused(preview(), 503, "preview_unavailable")
    assert problem["detail"] == "The cache for previews is not responding."
    tasks.preview(take(messages))  # the worker does not fail without the cache


def test_an_unavailable_broker_is_503(
    preview: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_requests.messages, "send", lambda *args, **kwargs: False)
    refused(preview(), 503, "preview_unavailable")
