"""Well-formed requests that would do harm if they were executed literally."""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.builders import pictures
from tests.engine.builders import step
from tests.hostile.answers import refused
from tests.stack.service import Service, upload, wait_for_task

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("no_worker_dies", "work_goes_on")]

INTERNAL_ADDRESSES = {
    "this machine": ("http://127.0.0.1/", 422, "address_forbidden"),
    "this machine by name": ("http://localhost/", 422, "address_forbidden"),
    "this machine in IPv6": ("http://[::1]/", 422, "address_forbidden"),
    "mapped into IPv6": ("http://[::ffff:10.0.0.1]/", 422, "address_forbidden"),
    "translated to IPv6": ("http://[64:ff9b::a00:1]/", 422, "address_forbidden"),
    "private": ("https://192.168.1.1/admin", 422, "address_forbidden"),
    "carrier-grade NAT": ("https://100.64.0.1/", 422, "address_forbidden"),
    "metadata of a cloud": ("http://169.254.169.254/latest/meta-data/", 422, "address_forbidden"),
    "a number": ("http://2130706433/", 400, "url_refused"),
    "octal": ("http://0177.0.0.1/", 400, "url_refused"),
    "another port": ("http://93.184.216.34:6379/", 400, "url_refused"),
    "a file": ("file:///etc/passwd", 400, "url_refused"),
    "gopher": ("gopher://127.0.0.1:6379/_FLUSHALL", 400, "url_refused"),
    "with a password": ("https://user:password@93.184.216.34/", 400, "url_refused"),
}


@pytest.mark.parametrize(
    ("url", "status", "code"), INTERNAL_ADDRESSES.values(), ids=INTERNAL_ADDRESSES.keys()
)
def test_webhooks_to_inside_addresses(
    client: httpx.Client, url: str, status: int, code: str
) -> None:
    answer = client.post("/webhooks/", json={"url": url, "events": ["task.failed"]})
    body = refused(answer, status, code)
    assert [error["pointer"] for error in body["errors"]] == ["/url"]
    assert client.get("/webhooks/").json()["results"] == []


def test_one_key_fifty_times_at_once(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg(seed=50))
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"transformations": [step("flip")]}

    def ask(number: int) -> httpx.Response:
        return client.post(f"/images/{image}/transform/", json=body, headers=key)

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(ask, range(50)))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    rows: list[Any] = client.get(f"/images/{image}/tasks/").json()["results"]
    assert len(rows) == 1
    assert {a.json()["id"] for a in answers if a.status_code == 201} == {rows[0]["id"]}
    for answer in answers:
        if answer.status_code == 409:
            refused(answer, 409, "idempotency_in_progress")
    assert sum("Idempotent-Replayed" not in a.headers for a in answers if a.is_success) == 1
    assert wait_for_task(client, rows[0]["id"])["status"] == "SUCCESS"
    print(f"50 at once: {dict(statuses)}, 1 row")
