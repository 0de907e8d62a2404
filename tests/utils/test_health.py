"""Alive is asked of the process alone; ready names every part and the one that failed."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.test import Client


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
