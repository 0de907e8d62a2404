"""The process that gunicorn starts: an event loop with a bound on connections and memory."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from django.conf import settings
from gunicorn.workers.gasgi import ASGIWorker  # type: ignore[import-untyped]

from image_processing_service.web.connection import Connection
from image_processing_service.web.connections import Connections
from image_processor.jobs import memory

# Connections of one address to one process. Behind a proxy all connections come from the proxy.
CONNECTIONS_PER_ADDRESS = 256


class WebWorker(ASGIWorker):
    """`--worker-class image_processing_service.web.worker.WebWorker`."""

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Refuse TLS. gunicorn prints the message of a `RuntimeError` and ends."""
        if cfg.is_ssl:
            raise RuntimeError(
                "The web server speaks no TLS: remove the options --certfile and --keyfile, and "
                "let a proxy in front of it do so."
            )

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
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self._retire_if_large()
            await asyncio.sleep(1)
        for server in self.servers:
            server.close()
        self.connections.close_idle()
        await self._shutdown()

    def _limit_memory(self) -> None:
        """Bound the memory that requests may take, beside what the loaded code has taken."""
        more = settings.WEB_MEMORY_MB * 1024 * 1024
        now = memory.in_use()
        # Far below the limit, so that the process is replaced before requests fail.
        self._retire_above = None if now is None else now + more // 2
        memory.limit(more)

    def _retire_if_large(self) -> None:
        """Stop after the running requests if the process has grown; gunicorn starts another."""
        now = memory.in_use()
        if self._retire_above is not None and now is not None and now > self._retire_above:
            self.log.warning("A web process has grown to %d MB and is replaced.", now // 1024**2)
            self.alive = False
