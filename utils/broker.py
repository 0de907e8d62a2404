"""Which broker there is, Redis or RabbitMQ, and how long one waits for it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

REDIS = frozenset({"redis", "rediss", "sentinel"})
RABBITMQ = frozenset({"amqp", "amqps", "pyamqp"})


def options(url: str, *, hurried: bool = False) -> dict[str, Any]:
    """What Celery calls transport options: times in seconds after which a broker is given up.

    `hurried` is for requests, whose users wait; the others wait longer than a busy broker takes.
    Raises ImproperlyConfigured when the address names another kind of broker.
    """
    scheme = url.partition("://")[0]
    if scheme in REDIS:
        connect, answer = (0.1, 0.2) if hurried else (1, 2)
        return {
            "socket_connect_timeout": connect,
            "socket_timeout": answer,
            "visibility_timeout": 60,
            "max_retries": 0,
        }
    if scheme in RABBITMQ:
        # A quorum queue confirms what is on the disks of most of its machines.
        connect, answer = (0.2, 0.25) if hurried else (2, 5)
        return {
            "connect_timeout": connect,  # also for each answer until the connection is open
            "read_timeout": answer,
            "write_timeout": answer,
            "confirm_publish": True,
            "max_retries": 0,
        }
    known = ", ".join(f"{name}://" for name in sorted(REDIS | RABBITMQ))
    raise ImproperlyConfigured(
        f"CELERY_BROKER_URL cannot be read: it must start with one of {known}, not with {scheme!r}."
    )
