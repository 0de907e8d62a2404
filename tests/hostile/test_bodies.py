"""Malformed and huge JSON bodies over real HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.http.test_problem import MALFORMED
from tests.builders import pictures
from tests.hostile.answers import refused
from tests.stack.service import upload

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("no_worker_dies", "work_goes_on")]

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def image(client: httpx.Client) -> int:
    return upload(client, pictures.jpeg())


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed(client: httpx.Client, nothing_left: Any, image: int, body: bytes) -> None:
    with nothing_left():
        answer = client.post(f"/images/{image}/transform/", content=body, headers=JSON)
        refused(answer, 400, "malformed_body")


def test_huge(client: httpx.Client, nothing_left: Any, image: int) -> None:
    body = b'{"transformations": "' + b"x" * 20_000_000 + b'"}'
    with nothing_left():
        answer = client.post(f"/images/{image}/transform/", content=body, headers=JSON)
        found = refused(answer, 413, "body_too_large")
    assert found["limit"] < found["actual"]
    # The connection still works.
    assert client.get(f"/images/{image}/").status_code == 200
