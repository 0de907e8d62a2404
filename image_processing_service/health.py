"""The health checks: `/healthz` (the process is alive) and `/readyz` (its parts answer)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.connection import Connection

from image_processing_service.readiness import OK, Readiness
from utils import broker


def check_database() -> None:
    """Raise an exception unless the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # it belongs to the thread of this check


def check_broker() -> None:
    """Raise an exception unless the broker accepts a connection."""
    url = settings.CELERY_BROKER_URL
    options = broker.options(url)
    with Connection(url, connect_timeout=2, transport_options=options) as opened:
        opened.default_channel.close()


def check_cache() -> None:
    """Raise an exception unless the cache returns what it has stored."""
    key, value = f"readiness:{uuid.uuid4()}", uuid.uuid4().hex
    cache.set(key, value, timeout=5)
    if cache.get(key) != value:  # this cache is silent if it cannot be reached
        raise ConnectionError("The cache has lost a value.")


def check_storage() -> None:
    """Raise an exception unless the storage can store objects."""
    storage: Any = default_storage
    storage.probe()


readiness = Readiness(
    {
        "database": check_database,
        "broker": check_broker,
        "cache": check_cache,
        "storage": check_storage,
    }
)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if every part answers, else 503, with the state of each part."""
    states = readiness.states()
    is_ready = set(states.values()) == {OK}
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": states},
        status=200 if is_ready else 503,
    )


def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 without checking anything else."""
    return JsonResponse({"status": "ok"})
