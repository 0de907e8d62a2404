"""Fixtures that every part of the tests uses."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient
from xdist.scheduler import LoadFileScheduling

from tests.builders import pictures
from tests.stack.started import disk, service

# Here, so that all folders share one start of it.
__all__ = ["disk", "service"]


# Where services and browsers are started. In one process these come last, so that no service runs
# beside the others; of several, one has them all, and first, since nothing takes longer: two
# services at once would be too much for two cores, and measure each other.
OF_THE_STACK = (
    "tests/browser/",
    "tests/chaos/",
    "tests/client/",
    "tests/fuzz/",
    "tests/hostile/",
    "tests/project/test_first_request.py",
    "tests/scripts/test_up.py",
    "tests/stack/",
    "tests/webhooks/test_service.py",
)


class StackTogether(LoadFileScheduling):
    """All that is of the stack is one piece of work, and each other file another."""

    def _split_scope(self, nodeid: str) -> str:
        return "stack" if nodeid.startswith(OF_THE_STACK) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> StackTogether:
    """Who runs what, where there are several processes."""
    return StackTogether(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set the order; refuse a test that starts a service where `OF_THE_STACK` does not say so."""
    for item in items:
        asked = {"service", "site"}.intersection(getattr(item, "fixturenames", ()))
        starts = item.get_closest_marker("stack") or asked
        if starts and not item.nodeid.startswith(OF_THE_STACK):
            raise pytest.UsageError(f"{item.nodeid} belongs into OF_THE_STACK of {__file__}")
    several = hasattr(config, "workerinput")
    items.sort(key=lambda item: item.nodeid.startswith(OF_THE_STACK) != several)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Counters and cached answers of one test are not another's."""
    cache.clear()


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
