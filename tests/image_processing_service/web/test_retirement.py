"""One process of a server retires at a time, and gunicorn counts its processes right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from image_processing_service.web import retirement
from image_processing_service.web.retirement import Retirement, count_processes

# A process that inherits the file, locks it and waits.
OTHER = """
import fcntl, sys
fcntl.lockf(int(sys.argv[1]), fcntl.LOCK_EX)
print("retires", flush=True)
sys.stdin.read()
"""


def test_one_process_retires_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[Any] = []
    monkeypatch.setattr(os, "kill", lambda *sent: signals.append(sent))
    monkeypatch.setattr(retirement, "_turn", [])
    subject = Retirement()
    file = retirement._turn[0].fileno()
    with subprocess.Popen(
        [sys.executable, "-S", "-c", OTHER, str(file)],
        pass_fds=[file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        other.stdout.readline()
        assert not subject.begin(7)
    assert (subject.has_begun, signals) == (False, [])
    assert subject.begin(7)
    assert (subject.has_begun, signals) == (True, [(7, signal.SIGTTIN)])
    retirement._turn[0].close()


@pytest.mark.parametrize(
    ("replaced", "before", "after"),
    [
        (False, 2, 2),  # it has crashed
        (True, 3, 2),
        (True, 2, 2),  # the configuration was loaded again meanwhile
        (True, 5, 4),  # the operator wants more than the configuration says
    ],
)
def test_a_process_more_is_only_for_the_retirement(replaced: bool, before: int, after: int) -> None:
    server = SimpleNamespace(num_workers=before, cfg=SimpleNamespace(workers=2))
    count_processes(server, SimpleNamespace(retirement=SimpleNamespace(has_begun=replaced)))
    assert server.num_workers == after


def test_the_end_of_another_class_of_process_changes_no_number() -> None:
    """Such as gthread's, which operators may choose."""
    server = SimpleNamespace(num_workers=3, cfg=SimpleNamespace(workers=2))
    count_processes(server, SimpleNamespace())
    assert server.num_workers == 3
