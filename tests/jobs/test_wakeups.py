"""Wake-ups: as many as there is work, none that anyone waits for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db import OperationalError

from image_processor import tasks as worker
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import lease, runner, stopping, wakeups
from image_processor.jobs.claim import claim
from image_processor.jobs.lease import Lease
from image_processor.jobs.queues import DERIVE, HEAVY, LIGHT, Queue
from image_processor.models import TransformationTask
from image_processor.transform import task_actions
from tests.builders import rows
from utils import messages
from utils.messages import count_waiting


@pytest.fixture(autouse=True)
def _empty_queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(messages, "_paused_until", 0.0)

    def purge() -> None:
        with current_app.connection_for_write() as connection:
            for queue in ("light", "heavy", "import", "derive", "system"):
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
        assert count_waiting("light") == 0  # a worker would not see the row yet
    assert count_waiting("light") == 1


def test_a_retry_wakes_a_worker(user: Any, django_capture_on_commit_callbacks: Any) -> None:
    task = rows.task(rows.image(user))
    task_actions.cancel(task)
    task.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        task_actions.retry(task)
    assert count_waiting("light") == 1


def test_a_stored_picture_wakes_who_makes_its_thumbnail(
    user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        rows.image(user)
    assert count_waiting("derive") == 1


def test_much_work_at_once_wakes_one_worker_and_who_wakes_the_others(
    user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image = rows.image(user)
    rows.tasks(image, 5)
    with django_capture_on_commit_callbacks(execute=True):
        wakeups.wake_many_on_commit({"light"})
        assert (count_waiting("light"), count_waiting("system")) == (0, 0)
    assert (count_waiting("light"), count_waiting("system")) == (1, 1)
    worker.top_up()
    assert count_waiting("light") == 5


def test_a_job_that_is_handed_back_wakes_another_worker(
    transactional_db: None, make_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.task(rows.image(make_user()))
    job = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert job is not None
    before = count_waiting("light")
    monkeypatch.setattr(lease, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(stopping, "is_over", lambda: True)
    with Lease(job) as kept:
        kept._thread.join(20)
    assert count_waiting("light") == before + 1


@pytest.mark.parametrize("queue", [LIGHT, HEAVY])
def test_a_wake_up_carries_the_time_limits_of_its_queue(queue: Queue, db: None) -> None:
    wakeups.wake(queue.name)
    with current_app.connection_for_write() as connection:
        message = connection.default_channel.basic_get(queue.name, no_ack=True)
    assert message.headers["timelimit"] == [queue.hard_limit, queue.soft_limit]


def test_maintenance_sends_the_wake_ups_that_were_lost(user: Any) -> None:
    rows.tasks(rows.image(user), 3)
    assert count_waiting("light") == 0
    worker.maintain()
    assert count_waiting("light") == 3
    # Where nothing waits, one shows that its worker lives.
    assert [count_waiting(queue) for queue in ("heavy", "import", "derive")] == [1, 1, 1]


def test_the_top_up_fills_an_emptied_queue(user: Any) -> None:
    rows.tasks(rows.image(user), 7)
    assert count_waiting("light") == 0
    assert wakeups.top_up(TransformationTask, "light") == 7
    assert count_waiting("light") == 7
    assert wakeups.top_up(TransformationTask, "light") == 0


def test_the_top_up_adds_only_what_is_missing(user: Any) -> None:
    rows.tasks(rows.image(user), 5)
    for _ in range(3):
        wakeups.wake("light")
    assert wakeups.top_up(TransformationTask, "light") == 2


def test_the_top_up_has_a_cap(user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wakeups.QUEUES, "light", Queue("light", 60, 75, wakeups=4))
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
    publish = messages.publish

    def counted(*args: Any, **options: Any) -> None:
        tried.append(args)
        publish(*args, **options)

    monkeypatch.setattr(messages, "publish", counted)
    with use_broker(address.format(port=request.getfixturevalue(fault))):
        wakeups.wake("light")
        wakeups.wake("light")
    assert len(tried) == 1
    monkeypatch.setattr(messages, "_paused_until", 0.0)
    wakeups.wake("light")
    assert count_waiting("light") == 1


def test_one_message_runs_short_jobs_for_a_second_and_wakes_who_goes_on(user: Any) -> None:
    rows.tasks(rows.image(user), 4)
    times = iter([0.0, 0.4, 0.8, LIGHT.round_seconds])
    assert runner.run_round("light", lambda: next(times)) == 3
    assert count_waiting("light") == 1
    assert runner.run_round("light", lambda: 0.0) == 1
    assert count_waiting("light") == 1
    assert runner.run_round("light") == 0
    assert count_waiting("light") == 1


def test_a_worker_that_was_told_to_stop_begins_no_other_job(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.tasks(rows.image(user), 2)
    monkeypatch.setattr(stopping, "has_begun", lambda: True)
    assert runner.run_round("light") == 1
    assert count_waiting("light") == 1


def test_an_error_between_two_jobs_leaves_the_rest_to_another_worker(
    user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.tasks(rows.image(user), 2)

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("the database restarts")

    monkeypatch.setattr(runner, "claim", fail)
    with pytest.raises(OperationalError):
        runner.run_round("light")
    assert count_waiting("light") == 1


@pytest.mark.parametrize("queue", [LIGHT, HEAVY, DERIVE])
def test_the_last_job_of_a_round_has_the_time_of_its_queue(queue: Queue) -> None:
    """The time limits of the message count from its start."""
    assert queue.round_seconds + queue.deadline < queue.soft_limit


def test_a_canary_is_sent_where_nothing_waits(db: None) -> None:
    assert wakeups.send_canary(HEAVY)
    assert count_waiting("heavy") == 1
    assert not wakeups.send_canary(HEAVY)
    assert count_waiting("heavy") == 1
    worker.work("heavy")  # finds nothing to do, and that is fine
