"""Wake-up messages: "this queue has work". They carry nothing, so none of them matters."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from kombu.exceptions import ChannelError
from kombu.pools import producers

from image_processor.jobs.model import Job
from image_processor.jobs.queues import INTERACTIVE, QUEUES
from utils import broker

WORK = "image_processor.tasks.work"
PAUSE_SECONDS = 10

log = structlog.get_logger(__name__)

# Until when this process does not try the broker again, by time.monotonic(): requests must not
# each wait for the time-out of a broker that is away.
_paused_until = 0.0


def wake_on_commit(queue: str) -> None:
    """Send one wake-up once the current transaction is committed."""
    transaction.on_commit(lambda: wake(queue))


def wake_many_on_commit(queues: Iterable[str]) -> None:
    """Have each queue filled with wake-ups once the current transaction is committed.

    One message for each starts the work, and one has the scheduler's worker send the rest: who
    asks does not wait until hundreds are sent.
    """
    names = sorted(queues)

    def send_all() -> None:
        for queue in names:
            wake(queue)
        if names:
            send("image_processor.tasks.top_up", "system", args=[])

    transaction.on_commit(send_all)


def wake(queue: str) -> None:
    """Send one wake-up now; a failure is only logged, since the scheduler tops the queues up."""
    send(WORK, queue, args=[queue])


def send(task: str, queue: str, *, args: list[str], expires: float | None = None) -> bool:
    """Publish one message without failing the caller or holding it up for long; whether it went.

    One that nobody has taken after `expires` seconds is thrown away.
    """
    global _paused_until
    if time.monotonic() < _paused_until:
        return False
    try:
        _publish(task, queue, args, expires)
    except Exception as error:  # noqa: BLE001 - the row is written: nothing may make that a failure
        _paused_until = time.monotonic() + PAUSE_SECONDS
        log.warning("wake_up_not_sent", queue=queue, error=str(error) or type(error).__name__)
        return False
    return True


def _publish(task: str, queue: str, args: list[str], expires: float | None = None) -> None:
    with _producer(_connection(hurried=True)) as producer:
        _send(producer, task, queue, args, expires)


def _send(
    producer: Any, task: str, queue: str, args: list[str], expires: float | None = None
) -> None:
    limits = INTERACTIVE if queue == INTERACTIVE.name else QUEUES.get(queue)
    current_app.send_task(
        task,
        args=args,
        queue=queue,
        expires=expires,
        soft_time_limit=limits.soft_limit if limits else None,
        time_limit=limits.hard_limit if limits else None,
        producer=producer,
    )


@contextmanager
def _producer(connection: Any) -> Iterator[Any]:
    """One of those that are kept for such connections, on one that is open."""
    with producers[connection].acquire(block=True, timeout=1) as producer:
        kept = producer.connection
        if kept.transport.driver_type != "amqp":
            yield producer  # Redis connects again by itself
            return
        try:
            if kept.connected:
                with suppress(TimeoutError, *kept.connection_errors):
                    kept.drain_events(timeout=0)  # sees whether the broker has closed it
            kept.ensure_connection(max_retries=0)
            yield producer
        except Exception:
            # An answer that did not come in time must not be taken for that to the next message.
            kept.collect()
            raise


def _connection(*, hurried: bool = False, **options: Any) -> Any:
    options = broker.options(current_app.conf.broker_write_url, hurried=hurried) | options
    # No heartbeat: between two messages nobody is there to answer it.
    return current_app.connection_for_write(transport_options=options, heartbeat=0)


def top_up(model: type[Job], queue: str) -> int:
    """Make the queue hold as many messages as there is runnable work, up to its cap.

    Safe to run twice at once: a message too many finds nothing to claim. Returns how many were
    sent; raises what the broker raises.
    """
    cap = QUEUES[queue].wakeups
    runnable = _runnable(model, queue, cap)
    missing = max(0, runnable - _waiting_messages(queue)) if runnable else 0
    if missing:
        # Unconfirmed, which is many times faster: the next top-up counts what has arrived.
        with _producer(_connection(confirm_publish=False)) as producer:
            for _ in range(missing):
                _send(producer, WORK, queue, [queue])
    return missing


def send_canary(queue: str) -> bool:
    """Send a wake-up if none waits, whether or not there is work; whether it was sent.

    By taking it an idle worker shows that it would take work too (`utils.pulse`).
    """
    if _waiting_messages(queue):
        return False
    _publish(WORK, queue, [queue])
    return True


def _runnable(model: type[Job], queue: str, cap: int) -> int:
    rows = model._default_manager.filter(queue=queue, available_at__lte=Now())
    return len(rows.values_list("pk")[:cap])


def _waiting_messages(queue: str) -> int:
    with _connection() as connection:
        channel = connection.default_channel
        try:
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
        except ChannelError:  # the queue does not exist until something was sent to it
            return 0
