"""Paths with and without the version and the last slash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient


@pytest.mark.parametrize("prefix", ["/api/v1", "/api"])
@pytest.mark.parametrize("slash", ["/", ""])
def test_every_method_answers_with_and_without_the_version_and_slash(
    client: APIClient, upload: Callable[..., dict[str, Any]], prefix: str, slash: str
) -> None:
    image = upload(client)
    path = f"{prefix}/images/{image['id']}{slash}"
    assert client.get(path).json()["id"] == image["id"]
    assert client.head(path).status_code == 200
    assert client.options(path).status_code == 200
    assert client.patch(path, {"description": "changed"}).json()["description"] == "changed"
    pipeline = {"transformations": [{"operation": "flip"}]}
    created = client.post(f"{prefix}/images/{image['id']}/transform{slash}", pipeline)
    assert created.status_code == 201
    assert created["Location"].startswith("/api/v1/tasks/")
    assert client.delete(path).status_code == 204


def test_the_root_address_redirects_to_the_documentation() -> None:
    answer = APIClient().get("/", follow=True)
    assert answer.redirect_chain == [("/api/v1/docs/", 302)]
    assert answer.status_code == 200
