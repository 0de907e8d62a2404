"""Connections above the limit are refused with a reason, and the log says how many."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from image_processing_service.web import connections
from image_processing_service.web.connections import Connections


def test_a_refusal_names_the_limit(caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    now = [5.0]
    monkeypatch.setattr(connections.time, "monotonic", lambda: now[0])
    log = logging.getLogger("gunicorn.error")
    some: list[Any] = [object() for _ in range(4)]
    subject = Connections(3, per_address=2)
    subject.report_refused(log)
    accepted = [subject.add(some[number], "a") for number in range(2)]
    assert (accepted, subject.add(some[3], "b")) == ([b"", b""], b"")
    refusals = [subject.add(some[2], address) for address in "ab"]
    for refusal, limit in zip(refusals, (2, 3), strict=True):
        head, _, body = refusal.partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        problem = json.loads(body)
        assert (problem["code"], problem["limit"]) == ("too_many_connections", limit)
    for now[0] in (5.0, 6.0, 64.9, 65.0):
        subject.report_refused(log)
        subject.add(some[2], "a")
    texts = [record.getMessage() for record in caplog.records]
    assert texts == [f"{count} connections were refused: there are too many." for count in (2, 3)]
