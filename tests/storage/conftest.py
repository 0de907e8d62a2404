"""S3 servers for the tests, and fixtures that let the service use them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from django.core.files.storage import default_storage
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.models import TransformationTask
from image_processor.storage import link_window
from image_processor.storage.s3 import PrivateS3Storage
from tests.servers import stores

REQUEST = {
    "format": "png",
    "transformations": [{"operation": "resize", "params": {"width": 40, "height": 30}}],
}


@pytest.fixture(scope="session", autouse=True)
def _service_descriptions() -> Iterator[None]:
    """Load botocore's description of S3 once; each client would load megabytes of JSON."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(scope="session")
def moto() -> Iterator[stores.Store]:
    with stores.moto() as server:
        yield server


@pytest.fixture(scope="session")
def s3rver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stores.Store]:
    with stores.s3rver(tmp_path_factory.mktemp("s3rver")) as store:
        yield store


@pytest.fixture
def moto_store(moto: stores.Store) -> stores.Store:
    """An empty bucket in the server of moto."""
    return moto.empty()


@pytest.fixture(scope="session")
def storage_of() -> Iterator[Callable[..., PrivateS3Storage]]:
    """Return the service's storage for a store; one storage per store and options."""
    made: dict[str, PrivateS3Storage] = {}

    def make(store: stores.Store, **changes: Any) -> PrivateS3Storage:
        options = store.options(**changes)
        name = repr(options)
        if name not in made:
            made[name] = PrivateS3Storage(**options)
        return made[name]

    yield make
    for storage in made.values():
        storage.connection.meta.client.close()


@pytest.fixture
def serve_from(settings: Any) -> Callable[[stores.Store], Any]:
    """Return a context manager that lets the service keep its objects in a store."""

    @contextmanager
    def use(store: stores.Store) -> Iterator[None]:
        before = settings.STORAGES
        backend = "image_processor.storage.s3.PrivateS3Storage"
        settings.STORAGES = {
            **before,
            "default": {"BACKEND": backend, "OPTIONS": store.options()},
        }
        try:
            yield
        finally:
            default_storage.connection.meta.client.close()
            settings.STORAGES = before

    return use


@pytest.fixture
def store(
    moto_store: stores.Store, serve_from: Callable[[stores.Store], Any]
) -> Iterator[stores.Store]:
    """An empty bucket, which the service uses."""
    with serve_from(moto_store):
        yield moto_store


@pytest.fixture
def closed_store(moto_store: stores.Store) -> stores.Store:
    """A store whose address no server listens to."""
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    return replace(moto_store, endpoint=f"http://127.0.0.1:{port}")


class Clock:
    """The clock of link windows. It moves only when a test sets `now`."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(link_window, "time", SimpleNamespace(time=made.time))
    return made


@pytest.fixture
def submit() -> Callable[[APIClient, int], dict[str, Any]]:
    """Submit a pipeline; return the task."""

    def send(client: APIClient, image_id: int) -> dict[str, Any]:
        answer = client.post(f"/api/v1/images/{image_id}/transform/", REQUEST)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return send


@pytest.fixture
def run(client: APIClient) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Let a worker run the queue of a task once; return the task afterwards."""

    def work(task: dict[str, Any]) -> dict[str, Any]:
        tasks.work(TransformationTask.objects.get(pk=task["id"]).queue)
        return client.get(f"/api/v1/tasks/{task['id']}/").json()

    return work
