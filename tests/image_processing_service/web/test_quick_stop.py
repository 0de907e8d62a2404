"""A quick stop (SIGINT, SIGQUIT) waits for no connection."""

from __future__ import annotations

import asyncio
import os
from types import SimpleNamespace
from typing import Any

import pytest

from image_processing_service.web.worker import WebWorker
from image_processor.jobs import memory


@pytest.mark.parametrize("retires", [False, True])
def test_a_quick_stop_waits_for_no_connection(
    retires: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "in_use", lambda: None)
    monkeypatch.setattr(memory, "limit", lambda more: None)
    warnings: list[Any] = []

    async def serve() -> None:
        subject: Any = WebWorker.__new__(WebWorker)  # a whole one belongs to gunicorn
        subject.cfg = SimpleNamespace(worker_connections=10, graceful_timeout=30)
        subject.log = SimpleNamespace(warning=lambda *message: warnings.append(message))
        subject.notify = lambda: pytest.fail("The process waits.")
        subject.loop, subject.ppid = asyncio.get_running_loop(), os.getppid()
        subject.sockets, subject.servers = [], []
        subject.retirement = SimpleNamespace(has_begun=retires)
        subject.alive, subject._is_stopped, subject.nr_conns = False, False, 1
        subject.handle_quit_signal()
        await subject._serve()

    asyncio.run(serve())
    assert warnings == [("Forcing close of %d connections", 1)]
