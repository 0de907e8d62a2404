"""The interactive worker, and an image to preview."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from kombu.simple import SimpleQueue
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.jobs.queues import INTERACTIVE
from tests.api.views.pipelines.previews.preview_requests import FLIP, take
from tests.builders import pictures
from tests.threads import await_end

STOP = "stop"  # ends the worker's thread


@pytest.fixture
def messages() -> Iterator[SimpleQueue]:
    """The interactive queue of the real broker."""
    with current_app.connection() as connection:
        queue = connection.SimpleQueue(INTERACTIVE.name)
        queue.clear()
        yield queue
        queue.clear()
        queue.close()


@pytest.fixture
def worker(messages: SimpleQueue) -> Iterator[None]:
    """Run the interactive worker in a thread."""

    def serve() -> None:
        while (message := take(messages, timeout=60)) != STOP:
            tasks.preview(message)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    with current_app.connection() as connection, connection.SimpleQueue(INTERACTIVE.name) as queue:
        queue.put([[STOP]])
    await_end(thread)


@pytest.fixture
def image(client: APIClient, upload: Callable[..., Any]) -> dict[str, Any]:
    """An image of 600 x 400 pixels."""
    made: dict[str, Any] = upload(client, pictures.jpeg(600, 400))
    return made


@pytest.fixture
def preview(client: APIClient, image: dict[str, Any]) -> Callable[..., Any]:
    """Request previews of the image."""

    def ask(body: Any = FLIP, **headers: str) -> Any:
        return client.post(f"/api/v1/images/{image['id']}/preview/", body, **headers)

    return ask
