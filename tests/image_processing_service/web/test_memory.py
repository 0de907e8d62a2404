"""A request that needs more memory than a web process may use fails alone."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory

from api.http import error_handlers
from api.http.refusal import KEY
from image_processing_service.web.worker import WebWorker
from image_processor.jobs import memory
from utils.errors import DomainError


@pytest.fixture
def worker() -> Any:
    bare = WebWorker.__new__(WebWorker)  # a whole one belongs to gunicorn's first process
    bare.alive, bare.log, bare.ppid = True, logging.getLogger("gunicorn.error"), 0
    bare._waits_to_retire = False
    bare.retirement = SimpleNamespace(begin=lambda main_process: True)
    return bare


def test_a_process_that_has_grown_is_replaced(
    worker: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.WEB_MEMORY_MB = 100
    now = 300 * 1024**2
    limits: list[int] = []
    monkeypatch.setattr(memory, "in_use", lambda: now)
    monkeypatch.setattr(memory, "limit", limits.append)
    worker._limit_memory()
    assert limits == [100 * 1024**2]
    now += 50 * 1024**2
    worker._retire_if_large()
    assert worker.alive
    now += 1
    worker.retirement.begin = lambda main_process: False  # another one retires
    for _second in range(2):
        worker._retire_if_large()
    assert worker.alive
    assert caplog.messages == [
        "A web process has grown to 350 MB. It is replaced when no other one retires."
    ]
    worker.retirement.begin = lambda main_process: True
    worker._retire_if_large()
    assert not worker.alive


def test_a_process_whose_memory_cannot_be_read_goes_on(
    worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "in_use", lambda: None)
    worker._limit_memory()
    worker._retire_if_large()
    assert worker.alive


def test_an_exhausted_memory_is_named() -> None:
    try:
        raise MemoryError
    except MemoryError:
        answer = error_handlers.server_error(RequestFactory().get("/api/v1/images/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b'"code": "out_of_memory"' in answer.content


def test_a_refused_request_gets_its_problem() -> None:
    class Refused(DomainError):
        code, status = "refused", 408

    answer = Client().get("/healthz", **{KEY: Refused("Too slow.", limit=7)})
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (
        408,
        "refused",
        7,
    )
    assert answer["X-Request-ID"]
