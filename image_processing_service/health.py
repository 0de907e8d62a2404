"""Is the process alive, and can it do its work?"""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.base import HealthCheck
from health_check.checks import Cache, Database
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView
from kombu.connection import Connection

from utils import broker

# How long what one look has found is told to others, since anybody may ask.
SHARED_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclasses.dataclass
class Broker(HealthCheck):
    """The queue answers within seconds."""

    def run(self) -> None:
        url = settings.CELERY_BROKER_URL
        try:
            with Connection(
                url, connect_timeout=2, transport_options=broker.options(url)
            ) as connection:
                connection.default_channel.close()
        except Exception as error:
            raise ServiceUnavailable("The broker does not answer.") from error


@dataclasses.dataclass
class Storage(HealthCheck):
    """Objects can be stored."""

    def run(self) -> None:
        storage: Any = default_storage
        try:
            storage.probe()
        except Exception as error:
            log.warning("storage_not_ready", error=str(error))
            raise ServiceUnavailable("The storage does not answer.") from error


class ReadyView(HealthCheckView):
    """200 when every part answers, else 503; names the parts."""

    checks = (Database, Broker, Cache, Storage)

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with self.get_executor() as executor:
            results = await asyncio.gather(
                *(check.get_result(executor) for check in self.get_checks())
            )
        parts = {
            type(result.check).__name__.lower(): str(result.error) if result.error else "ok"
            for result in results
        }
        failed = any(result.error for result in results)
        return JsonResponse(
            {"status": "unavailable" if failed else "ok", "checks": parts},
            status=503 if failed else 200,
        )


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


class Readiness:
    """`ReadyView` as all requests to one process share it: a look opens connections.

    Whoever asks during a look waits for it.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._look = async_to_sync(ReadyView.as_view())
        self._found = (0, b"")
        self._looked = -SHARED_SECONDS

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._turn:
            if time.monotonic() >= self._looked + SHARED_SECONDS:
                answer = self._look(request)
                self._found = (answer.status_code, answer.content)
                self._looked = time.monotonic()
            status, content = self._found
        return HttpResponse(content, status=status, content_type="application/json")


ready = never_cache(require_safe(Readiness()))
