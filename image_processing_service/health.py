"""The health checks: `/healthz` (the process is alive) and `/readyz` (its parts answer)."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import structlog
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

# How long a result is reused: anyone may ask, and each check opens connections.
REUSED_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclasses.dataclass
class Broker(HealthCheck):
    """The broker answers within seconds."""

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
    """The storage can store objects."""

    def run(self) -> None:
        storage: Any = default_storage
        try:
            storage.probe()
        except Exception as error:
            log.warning("storage_not_ready", error=str(error))
            raise ServiceUnavailable("The storage does not answer.") from error


class ReadyView(HealthCheckView):
    """Answer 200 if every part answers, else 503, with the state of each part."""

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
        return describe(parts, failed=any(result.error for result in results))


def describe(parts: dict[str, str], *, failed: bool) -> HttpResponse:
    """Return the answer that shows the state of each part."""
    return JsonResponse(
        {"status": "unavailable" if failed else "ok", "checks": parts},
        status=503 if failed else 200,
    )


def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 without checking anything else."""
    return JsonResponse({"status": "ok"})


class Readiness:
    """`ReadyView`, run at most once per `REUSED_SECONDS` in this process.

    Requests that arrive during a check wait for its result.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._result = (0, b"")
        self._checked_at = -REUSED_SECONDS

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._lock:
            if time.monotonic() >= self._checked_at + REUSED_SECONDS:
                answer = self._check_parts(request)
                self._result = (answer.status_code, answer.content)
                self._checked_at = time.monotonic()
            status, content = self._result
        return HttpResponse(content, status=status, content_type="application/json")

    def _check_parts(self, request: HttpRequest) -> HttpResponse:
        """Check all parts, each in a thread of its own, which an event loop waits for."""
        with ThreadPoolExecutor(1) as thread:
            try:
                answer = thread.submit(copy_context().run, _run_view, request)
            except RuntimeError as error:  # the process is ending, or has too many threads
                log.warning("process_not_ready", error=str(error))
                return describe({"process": "The process cannot start a thread."}, failed=True)
            return answer.result()


def _run_view(request: HttpRequest) -> HttpResponse:
    return asyncio.run(ReadyView.as_view()(request))


ready = never_cache(require_safe(Readiness()))
