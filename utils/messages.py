"""Celery messages that are sent without failing or delaying the sender.

Most messages only say that a queue has jobs, and rows in the database say which. If such a message
is lost, the scheduler sends another one. Three kinds of messages carry their work. If a request for
a preview is lost, the client asks again. If a request for the size of a file is lost, there is no
estimate. If `send` fails for an account mail, the sender handles it at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import structlog
from celery import current_app
from kombu.exceptions import ChannelError
from kombu.pools import producers

from utils import broker

PAUSE_SECONDS = 10

log = structlog.get_logger(__name__)

# The time.monotonic() until which `send` does not try the broker again. Without the pause, each
# request would wait for the time-out of a broker that is down.
_paused_until = 0.0


def send(task: str, queue: str, *, args: Sequence[str] = (), **options: Any) -> bool:
    """Publish one message; return whether the broker took it.

    `options` are Celery's: `expires`, `soft_time_limit` and `time_limit`, in seconds.
    """
    global _paused_until
    if time.monotonic() < _paused_until:
        return False
    try:
        publish(task, queue, args=args, **options)
    except Exception as error:  # noqa: BLE001 - a written row must not become a failure
        _paused_until = time.monotonic() + PAUSE_SECONDS
        log.warning("message_not_sent", queue=queue, error=str(error) or type(error).__name__)
        return False
    return True


def publish(task: str, queue: str, *, args: Sequence[str] = (), **options: Any) -> None:
    """Publish one message, within the short time that a request can wait; raise if that fails."""
    with _producer(hurried=True) as producer:
        current_app.send_task(task, args=args, queue=queue, producer=producer, **options)


def publish_many(
    count: int, task: str, queue: str, *, args: Sequence[str] = (), **options: Any
) -> None:
    """Publish the same message `count` times without waiting for confirmations.

    This is many times faster than `publish`. Messages may be lost: count them with
    `count_waiting` and send the rest later.
    """
    with _producer(confirm_publish=False) as producer:
        for _ in range(count):
            current_app.send_task(task, args=args, queue=queue, producer=producer, **options)


def count_waiting(queue: str) -> int:
    """Count the messages in a queue that no worker has taken yet."""
    with _connection(current_app.conf.broker_write_url) as connection:
        channel = connection.default_channel
        try:
            return int(channel.queue_declare(queue=queue, passive=True).message_count)
        except ChannelError:  # the queue does not exist before its first message
            return 0


@contextmanager
def _producer(**options: Any) -> Iterator[Any]:
    """Yield a pooled producer whose connection is open."""
    pool = producers[_pooled_connection(current_app.conf.broker_write_url, **options)]
    with pool.acquire(block=True, timeout=1) as producer:
        pooled = producer.connection
        if pooled.transport.driver_type != "amqp":
            yield producer  # Redis reconnects by itself
            return
        try:
            if pooled.connected:
                with suppress(TimeoutError, *pooled.connection_errors):
                    pooled.drain_events(
                        timeout=0
                    )  # notices if the broker has closed the connection
            pooled.ensure_connection(max_retries=0)
            yield producer
        except Exception:
            # Otherwise a late answer to this message would be taken for an answer to the next one.
            pooled.collect()
            raise


def _connection(url: str, *, hurried: bool = False, **options: Any) -> Any:
    options = broker.options(url, hurried=hurried) | options
    # No heartbeat: this process reads nothing from the connection between two messages.
    return current_app.connection_for_write(transport_options=options, heartbeat=0)


# Names a pool of producers. It is never opened itself, so all threads may share it.
_pooled_connection = cache(_connection)
