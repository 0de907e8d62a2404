"""Fixtures that every part of the tests uses."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TransactionTestCase
from rest_framework.test import APIClient

from image_processor.storage import link_window
from scripts.testing.parts import may_start_service
from tests.builders import pictures
from tests.emptying import empty_tables
from tests.stack.started import disk, service
from utils import rate_counts

# Here, so that all folders share one start of it.
__all__ = ["disk", "service"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that starts a service unless its part says so (`starts_service`)."""
    for item in items:
        asked = {"service", "site"}.intersection(getattr(item, "fixturenames", ()))
        starts = item.get_closest_marker("stack") or asked
        if starts and not may_start_service(item.nodeid.partition("::")[0]):
            raise pytest.UsageError(
                f"{item.nodeid} starts a service: list its file in a part of "
                "scripts/testing/parts.py that has starts_service=True"
            )


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Counters and cached answers of one test are not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _windows_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window in which requests are counted, and none of links, ends in the middle of a test."""
    start = time.time()
    for module in (rate_counts, link_window):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: start))


@pytest.fixture(scope="session", autouse=True)
def _cheap_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(scope="session", autouse=True)
def _media_folder() -> Iterator[None]:
    yield
    shutil.rmtree(settings.STORAGES["default"]["OPTIONS"]["location"], ignore_errors=True)


@pytest.fixture
def make_user(db: None, django_user_model: Any) -> Callable[..., Any]:
    """Make a user; the names count up."""
    count = 0

    def make(**fields: Any) -> Any:
        nonlocal count
        count += 1
        fields.setdefault("username", f"user{count}")
        fields.setdefault("email", f"{fields['username']}@example.com")
        fields.setdefault("password", "a-long-pass-phrase-7")
        return django_user_model.objects.create_user(**fields)

    return make


@pytest.fixture
def user(make_user: Callable[..., Any]) -> Any:
    return make_user()


@pytest.fixture
def client_of() -> Callable[[Any], APIClient]:
    """A client that is signed in as a user (tests of signing in itself do it by HTTP)."""

    def make(user: Any) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return make


@pytest.fixture
def client(user: Any, client_of: Callable[[Any], APIClient]) -> APIClient:
    """Signed in as `user`."""
    return client_of(user)


@pytest.fixture
def upload() -> Callable[..., dict[str, Any]]:
    """Upload bytes through the API; the answer's body."""

    def send(client: APIClient, data: bytes | None = None, **form: Any) -> dict[str, Any]:
        file = SimpleUploadedFile("photo.jpg", data if data is not None else pictures.jpeg())
        answer = client.post("/api/v1/images/upload/", {"file": file, **form}, format="multipart")
        assert answer.status_code == 201, answer.content
        return answer.json()

    return send
