"""The process that gunicorn starts: an event loop with a bound on connections and memory."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from gunicorn.workers.gasgi import ASGIWorker  # type: ignore[import-untyped]

from image_processing_service.web.body import longest_seconds
from image_processing_service.web.connection import Connection
from image_processing_service.web.connections import Connections
from image_processing_service.web.retirement import Retirement
from image_processor.jobs import memory

# Connections of one address to one process. Behind a proxy all connections come from the proxy.
CONNECTIONS_PER_ADDRESS = 256


class WebWorker(ASGIWorker):
    """`worker_class` of gunicorn's configuration."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.retirement = Retirement()
        self._is_stopped = False
        self._waits_to_retire = False

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Refuse TLS. gunicorn prints the message of a `RuntimeError` and ends."""
        if cfg.is_ssl:
            raise RuntimeError(
                "The web server speaks no TLS: remove the options --certfile and --keyfile, and "
                "let a proxy in front of it do so."
            )

    def handle_exit_signal(self) -> None:
        """Stop. The running requests get `graceful_timeout`."""
        super().handle_exit_signal()
        self._is_stopped = True

    def handle_quit_signal(self) -> None:
        """Stop without waiting for any connection, even if the process retires."""
        super().handle_quit_signal()
        self._is_stopped = True

    async def _serve(self) -> None:
        most = self.cfg.worker_connections
        per_address = most if settings.NUM_PROXIES else CONNECTIONS_PER_ADDRESS
        self.connections = Connections(most, per_address)
        self._limit_memory()
        for listener in self.sockets:
            server = await self.loop.create_server(
                lambda: Connection(self), sock=listener.sock, backlog=self.cfg.backlog
            )
            self.servers.append(server)
        while self.alive and not self._is_orphan():
            self.notify()
            self.connections.report_refused(self.log)
            self._retire_if_large()
            await asyncio.sleep(1)
        for server in self.servers:
            server.close()
        self.connections.close_idle()
        if self.retirement.has_begun:
            await self._drain(longest_seconds(), lambda: self._is_stopped or self._is_orphan())
        await self._drain(self.cfg.graceful_timeout, lambda: self._quick_shutdown)
        if self.nr_conns:
            self.log.warning("Forcing close of %d connections", self.nr_conns)

    async def _drain(self, seconds: float, is_cut: Callable[[], bool]) -> None:
        """Wait at most so many seconds until no connection is open."""
        deadline = self.loop.time() + seconds
        while self.nr_conns and self.loop.time() < deadline and not is_cut():
            self.notify()
            await asyncio.sleep(0.1)

    def _is_orphan(self) -> bool:
        return bool(self.ppid != os.getppid())

    def _limit_memory(self) -> None:
        """Bound the memory that requests may take, beside what code and threads have taken."""
        more = settings.WEB_MEMORY_MB * 1024 * 1024
        now = memory.in_use()
        # Far below the limit, so that the process is replaced before requests fail.
        self._retire_above = None if now is None else now + more // 2
        memory.limit(more)

    def _retire_if_large(self) -> None:
        """Stop after the running requests if the process has grown; another one takes over."""
        now = memory.in_use()
        if self._retire_above is None or now is None or now <= self._retire_above:
            return
        if self.retirement.begin(self.ppid):
            self.log.warning("A web process has grown to %d MB and is replaced.", now // 1024**2)
            self.alive = False
        elif not self._waits_to_retire:
            self._waits_to_retire = True
            self.log.warning(
                "A web process has grown to %d MB. It is replaced when no other one retires.",
                now // 1024**2,
            )
