"""Clients with real tokens, a worker in this process, and a check that nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from rest_framework.test import APIClient

from api.http import task_waiting
from image_processor import tasks
from image_processor.jobs.queues import QUEUES
from image_processor.models import (
    DirectUpload,
    ImageImport,
    SourceImage,
    StoredObject,
    TransformationTask,
    TransformedImage,
    UnclaimedObject,
    Usage,
)
from outbox.models import Event
from tests.threads import await_waiters

KINDS = (
    SourceImage,
    ImageImport,
    DirectUpload,
    StoredObject,
    UnclaimedObject,
    TransformationTask,
    TransformedImage,
    Event,
)


@pytest.fixture
def make_user(db: None, django_user_model: Any) -> Iterator[Callable[..., Any]]:
    """Make a user without a password: hashing one takes longer than most tests here."""
    count = 0

    def make(**fields: Any) -> Any:
        nonlocal count
        count += 1
        fields.setdefault("username", f"user{count}")
        fields.setdefault("email", f"{fields['username']}@example.com")
        return django_user_model.objects.create(password="!", **fields)

    yield make
    await_waiters()


@pytest.fixture
def limit_waiting(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Limit how many requests of this process wait for tasks at a time."""

    def limit(count: int) -> None:
        monkeypatch.setattr(task_waiting._waiter.slots, "limit", count)

    return limit


@pytest.fixture
def member(db: None) -> Callable[[str], APIClient]:
    """Sign up by HTTP; return a client that sends the access token, as a program does."""

    def sign_up(name: str = "ann") -> APIClient:
        form = {"email": f"{name}@example.com", "password": "a-long-pass-phrase-7"}
        answer = APIClient().post("/api/v1/auth/registration/", form)
        assert answer.status_code == 201, answer.content
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}")
        return client

    return sign_up


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document. Generating it takes longer than most tests here."""
    answer = APIClient().get("/api/v1/schema/")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def work_off() -> Callable[[], None]:
    """Run all runnable tasks, as a worker does."""

    def run() -> None:
        for queue in QUEUES:
            for _ in range(TransformationTask.objects.filter(queue=queue).count()):
                tasks.work(queue)

    return run


def media_files() -> list[str]:
    """Every file in the storage's folder."""
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def nothing_left(db: None) -> Callable[[], AbstractContextManager[None]]:
    """Check that the code inside `with` leaves no row, no count and no object."""

    def footprint() -> dict[str, Any]:
        rows = {kind.__name__: kind._default_manager.count() for kind in KINDS}
        used = list(Usage.objects.exclude(bytes_stored=0, tasks=0).order_by("owner").values())
        return {**rows, "usage": used, "files": media_files()}

    @contextmanager
    def watch() -> Iterator[None]:
        before = footprint()
        yield
        assert footprint() == before

    return watch


@pytest.fixture
def at_once() -> Callable[[int, Callable[[int], Any]], list[Any]]:
    """Call `work(0)`, `work(1)`, ... at the same moment, each in a thread of its own."""

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        start = Barrier(count)

        def one(number: int) -> Any:
            try:
                start.wait(timeout=10)
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run
