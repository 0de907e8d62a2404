"""Check problem documents over real HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.problems import MEMBERS


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that the answer is this problem, and return its body."""
    assert answer.status_code == status, (answer.status_code, answer.text[:2000])
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.keys() >= MEMBERS
    assert (body["status"], body["code"]) == (status, code), body
    assert "Traceback" not in answer.text
    return body
