"""A name server that never answers holds up few requests, and starts few threads."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from tests.scripts.processes import until
from utils.outbound import reachability
from utils.outbound.reachability import lookups, require_reachable


def test_a_silent_name_server_is_asked_by_few(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answer = threading.Event()

    def silent(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        answer.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    monkeypatch.setattr(reachability, "LOOKUP_SECONDS", 0.05)
    try:
        for _ in range(lookups.limit + 3):
            require_reachable("https://silent.example/")
        # Those that gave up still wait in their threads, so nobody else starts one.
        assert len(asked) == lookups.in_use == lookups.limit
    finally:
        answer.set()
    until(lambda: lookups.in_use == 0, "the end of all lookups")
    require_reachable("https://silent.example/")
    assert len(asked) == lookups.limit + 1
