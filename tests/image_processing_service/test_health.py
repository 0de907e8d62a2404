"""Alive is asked of the process alone; ready names every part and the one that failed."""

from __future__ import annotations

import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from image_processing_service import readiness
from image_processing_service.readiness import Readiness
from scripts.local.checkout import ROOT
from tests.scripts.processes import until
from tests.threads import await_end


@pytest.fixture(autouse=True)
def _a_look_for_each(monkeypatch: Any) -> None:
    """What another test has found is not told here."""
    monkeypatch.setattr(readiness, "REUSED_SECONDS", 0)


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
    monkeypatch.setattr(readiness, "REUSED_SECONDS", 60)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: Client().get("/readyz"), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0]["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert len(looks) == 1
    monkeypatch.setattr(readiness, "REUSED_SECONDS", 0)
    Client().get("/readyz")
    assert len(looks) == 2


class HangingPart:
    """Hangs until `go_on` is set. Counts its checks."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.checks = 0

    def __call__(self) -> None:
        self.checks += 1
        assert self.go_on.wait(60)


def test_a_part_that_hangs_holds_up_nobody(monkeypatch: Any) -> None:
    monkeypatch.setattr(readiness, "CHECK_SECONDS", 0.01)
    part = HangingPart()
    subject = Readiness({"storage": part, "broker": lambda: None})
    hanging = {"storage": "The storage does not answer within 0.01 seconds.", "broker": "ok"}
    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(lambda _: subject.states(), range(16))] == [hanging] * 16
    assert part.checks == 1
    [check] = [thread for thread in threading.enumerate() if thread.name == "check-storage"]
    assert check.daemon, "the process could not end"
    part.go_on.set()
    await_end(check)
    assert subject.states() == {"storage": "ok", "broker": "ok"}
    assert part.checks == 2


def test_who_asks_during_a_check_gets_the_last_result(monkeypatch: Any) -> None:
    """Else a part that hangs would keep a thread for each of them."""
    monkeypatch.setattr(readiness, "CHECK_SECONDS", 60)
    part = HangingPart()
    part.go_on.set()
    subject = Readiness({"storage": part})
    assert subject.states() == {"storage": "ok"}
    part.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(subject.states)
        until(lambda: part.checks == 2, "the second check")
        assert subject.states() == {"storage": "ok"}
        assert not waiting.done()
        part.go_on.set()
        assert waiting.result() == {"storage": "ok"}


def test_a_check_that_cannot_start_is_a_part_that_is_not_ready(monkeypatch: Any) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    states = Readiness({"storage": lambda: None}).states()
    assert states == {"storage": "The storage cannot be checked: can't start new thread."}


def test_the_container_waits_longer_than_the_checks() -> None:
    script = ROOT / "compose" / "production" / "django" / "healthcheck.py"
    [seconds] = re.findall(r"timeout=(\d+)", script.read_text())
    assert int(seconds) / 2 >= readiness.CHECK_SECONDS


def test_ready_is_only_asked() -> None:
    answer = Client().post("/readyz")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
