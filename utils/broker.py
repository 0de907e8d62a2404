"""The kinds of brokers, Redis and RabbitMQ, and their time-outs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured

REDIS = frozenset({"redis", "rediss", "sentinel"})
RABBITMQ = frozenset({"amqp", "amqps", "pyamqp"})


def options(url: str, *, hurried: bool = False) -> dict[str, Any]:
    """Return Celery's transport options for a broker; all time-outs are in seconds.

    `hurried` is for HTTP requests, whose clients wait. The other time-outs exceed what a busy
    broker needs. Raises ImproperlyConfigured if the URL names another kind of broker.
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
        # A quorum queue confirms a message when most of its machines have it on disk.
        connect, answer = (0.2, 0.25) if hurried else (2, 5)
        return {
            "connect_timeout": connect,  # also limits each answer while the connection opens
            "read_timeout": answer,
            "write_timeout": answer,
            "confirm_publish": True,
            "max_retries": 0,
        }
    known = ", ".join(f"{name}://" for name in sorted(REDIS | RABBITMQ))
    raise ImproperlyConfigured(
        f"CELERY_BROKER_URL starts with {scheme!r}; it must start with one of {known}."
    )
