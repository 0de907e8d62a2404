"""Wake-ups: as many as there is work, none that anyone waits for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app

from image_processor import tasks as worker
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import wakeups
from image_processor.jobs.claim import claim
from image_processor.jobs.queues import LIGHT
from image_processor.models import TransformationTask
from image_processor.services import batches
from tests.builders import rows


def messages(queue: str = "light") -> int:
    return wakeups._waiting_messages(queue)


@pytest.fixture(autouse=True)
def _empty_queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(wakeups, "_paused_until", 0.0)

    def purge() -> None:
        with current_app.connection_for_write() as connection:
            for queue in ("light", "heavy", "import", "system"):
                connection.default_channel.queue_purge(queue)

    purge()
    yield
    purge()


def test_submitting_sends_one_wake_up_on_commit(
    user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image = rows.image(user)
    with django_capture_on_commit_callbacks(execute=True):
        rows.task(image)
    assert messages() == 1


def test_the_top_up_fills_an_emptied_queue(user: Any) -> None:
    rows.tasks(rows.image(user), 7)
    assert messages() == 0
    assert wakeups.top_up(TransformationTask, "light") == 7
    assert messages() == 7
    assert wakeups.top_up(TransformationTask, "light") == 0


def test_the_top_up_adds_only_what_is_missing(user: Any) -> None:
    rows.tasks(rows.image(user), 5)
    for _ in range(3):
        wakeups.wake("light")
    assert wakeups.top_up(TransformationTask, "light") == 2


def test_the_top_up_has_a_cap(user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wakeups.QUEUES, "light", type(LIGHT)("light", 60, 75, wakeups=4))
    rows.tasks(rows.image(user), 9)
    assert wakeups.top_up(TransformationTask, "light") == 4


def test_running_and_finished_work_needs_no_wake_up(user: Any) -> None:
    rows.task(rows.image(user))
    claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert wakeups.top_up(TransformationTask, "light") == 0


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where connections are accepted and never a word is said."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def absent() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("fault", ["silent", "absent"])
@pytest.mark.parametrize("address", ["redis://127.0.0.1:{port}/0", "amqp://127.0.0.1:{port}//"])
def test_a_broker_that_is_away_fails_no_one_and_is_left_alone_for_a_while(
    address: str,
    fault: str,
    request: pytest.FixtureRequest,
    use_broker: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []
    publish = wakeups._publish
    monkeypatch.setattr(wakeups, "_publish", lambda *args: (tried.append(1), publish(*args)))
    with use_broker(address.format(port=request.getfixturevalue(fault))):
        wakeups.wake("light")
        wakeups.wake("light")
    assert len(tried) == 1
    monkeypatch.setattr(wakeups, "_paused_until", 0.0)
    wakeups.wake("light")
    assert messages() == 1


def test_a_batch_keeps_its_wake_ups_going(user: Any) -> None:
    """Its tasks outnumber the messages of one top-up, and the next is seconds away."""
    source = rows.image(user)
    worker.work("light")
    assert messages() == 0
    rows.task(source)
    worker.work("light")
    assert messages() == 0
    batches.create(user.pk, [source.pk], transformations=rows.RESIZE, format="webp")
    worker.work("light")
    assert messages() == 1
    worker.work("light")
    assert messages() == 1


def test_a_canary_is_sent_where_nothing_waits(db: None) -> None:
    assert wakeups.send_canary("heavy")
    assert messages("heavy") == 1
    assert not wakeups.send_canary("heavy")
    assert messages("heavy") == 1
    worker.work("heavy")  # finds nothing to do, and that is fine
