"""API keys and repeated creations, from the client's side, at the running service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from image_processing_client import Client, NotFound, PermissionDenied, step
from tests.builders import pictures
from tests.client.conftest import PASSWORD, Shell
from tests.stack.service import Service

pytestmark = pytest.mark.stack


def new_key(service: Service, email: str, *scopes: str) -> str:
    """An API key of the account."""
    api = f"{service.url}/api/v1"
    tokens = httpx.post(f"{api}/token/", json={"username": email, "password": PASSWORD}).json()
    answer = httpx.post(
        f"{api}/auth/api-keys/",
        json={"name": f"test {datetime.now(UTC)}", "scopes": scopes},
        headers={"Authorization": f"Bearer {tokens['access']}"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def test_a_key_does_what_its_scopes_say(
    service: Service, email: str, ips: Shell, tmp_path: Path
) -> None:
    (tmp_path / "x.jpg").write_bytes(pictures.jpeg(seed=61))
    ips.run("login", service.url, "--key", typed=new_key(service, email, "*"))
    done = ips.run(
        "transform", tmp_path / "x.jpg", "--step", "sepia", "-o", tmp_path / "y.jpg", "--json"
    )
    assert json.loads(done.stdout.splitlines()[0])["status"] == "SUCCESS"
    with Client(service.url, key=new_key(service, email, "images:read")) as reader:
        [image] = reader.images.list()
        with pytest.raises(PermissionDenied) as caught:
            reader.transform(image, [step("sepia")])
    assert caught.value.code == "scope_missing"


def test_the_same_key_creates_once(signed_in: Client) -> None:
    data = pictures.jpeg(seed=62)
    twice = [signed_in.images.upload(data, idempotency_key="k-1") for _ in range(2)]
    assert twice[0].id == twice[1].id
    tasks = [
        signed_in.transform(twice[0], [step("sepia")], idempotency_key="k-2") for _ in range(2)
    ]
    assert tasks[0].id == tasks[1].id
    signed_in.images.delete(twice[0])
    with pytest.raises(NotFound) as caught:
        signed_in.images.upload(data, idempotency_key="k-1")
    assert caught.value.code == "created_object_gone"
