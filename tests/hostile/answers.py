"""What a refusal over real HTTP looks like."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.problems import MEMBERS


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, checked."""
    assert answer.status_code == status, (answer.status_code, answer.text[:2000])
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.keys() >= MEMBERS
    assert (body["status"], body["code"]) == (status, code), body
    assert "Traceback" not in answer.text
    return body
