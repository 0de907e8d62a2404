"""Alive is asked of the process alone; ready names every part and the one that failed."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from image_processing_service import health


@pytest.fixture(autouse=True)
def _a_look_for_each(monkeypatch: Any) -> None:
    """What another test has found is not told here."""
    monkeypatch.setattr(health, "REUSED_SECONDS", 0)


@pytest.mark.django_db
def test_alive_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_names_every_part() -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    parts = ("database", "broker", "cache", "storage")
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(parts, "ok")}


@pytest.mark.django_db
def test_ready_says_which_part_failed(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    said = answer.json()
    assert said["status"] == "unavailable"
    assert "does not answer" in said["checks"].pop("broker")
    assert set(said["checks"].values()) == {"ok"}


@pytest.mark.django_db
def test_who_asks_at_the_same_time_shares_one_look(monkeypatch: Any) -> None:
    looks: list[object] = []
    probe = default_storage.probe
    monkeypatch.setattr(default_storage, "probe", lambda: (looks.append(None), probe()))
    Client().get("/readyz")
    monkeypatch.setattr(health, "REUSED_SECONDS", 60)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: Client().get("/readyz"), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0]["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert len(looks) == 1
    monkeypatch.setattr(health, "REUSED_SECONDS", 0)
    Client().get("/readyz")
    assert len(looks) == 2


def test_a_process_that_ends_is_alive_but_not_ready(monkeypatch: Any) -> None:
    """The interpreter sets this flag when its main thread has ended. Requests may still run."""
    monkeypatch.setattr("concurrent.futures.thread._shutdown", True)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert list(answer.json()["checks"]) == ["process"]
    assert Client().get("/healthz").status_code == 200


def test_ready_is_only_asked() -> None:
    answer = Client().post("/readyz")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
