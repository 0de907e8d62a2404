"""Check the problem document of a refused request."""

from __future__ import annotations

from typing import Any

MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}


def refused(answer: Any, status: int, code: str, pointer: str | None = None) -> dict[str, Any]:
    """Check the problem document of an answer, with an error at `pointer`; return it."""
    assert answer.status_code == status, (answer.status_code, answer.content[:2000])
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.keys() >= MEMBERS, body
    assert body["status"] == status
    assert body["code"] == code, body
    assert body["type"] == f"urn:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-ID"]
    assert "Traceback" not in answer.content.decode()
    if pointer is not None:
        assert pointer in [error["pointer"] for error in body["errors"]], body
    return body
