"""gunicorn's threads, for clients that are slow on purpose.

A thread serves one connection at a time, and gunicorn lets it wait for its client for ever. So as
many connections as there are threads, each half a request long or never reading its answer, would
end the service for everybody. Here a connection has to keep moving.

gunicorn also waits up to two seconds for a client to hang up after its last answer, in the one
thread that accepts connections. Here other threads do.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

FILE_PIECE = 256 * 1024
# Connections of one process that may wait for their client to hang up; any more are cut.
CLOSERS = 4
MOST_CLOSING = 32


class PacedSocket(socket.socket):
    """A connection whose client is never more than `grace` seconds behind `slowest` bytes a second.

    Time counts while a thread waits for the client, not while it works. Who falls behind gets the
    same as who hung up: `ConnectionResetError`.
    """

    grace = 15.0
    slowest = 2048.0

    _behind = 0.0

    @classmethod
    def over(cls, plain: socket.socket) -> PacedSocket:
        """The same connection; `plain` is of no use afterwards."""
        waits = plain.gettimeout()
        paced = cls(fileno=plain.detach())
        paced.settimeout(waits)
        return paced

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        with self._waiting():
            data = super().recv(size, flags)
        self._moved(len(data))
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            with self._waiting():
                sent = self.send(rest, flags)
            self._moved(sent)
            rest = rest[sent:]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        total = 0
        while count is None or total < count:
            piece = FILE_PIECE if count is None else min(FILE_PIECE, count - total)
            with self._waiting():
                sent = super().sendfile(file, offset + total, piece)
            if not sent:
                break
            self._moved(sent)
            total += sent
        return total

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        if self.gettimeout() is not None:  # gunicorn has set a limit of its own, or does not wait
            yield
            return
        begun = time.monotonic()
        self.settimeout(max(0.001, self.grace - self._behind))
        try:
            yield
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "The client is too slow.") from error
        finally:
            self.settimeout(None)
            self._behind += time.monotonic() - begun

    def _moved(self, count: int) -> None:
        self._behind = max(0.0, self._behind - count / self.slowest)


class PacedThreads(ThreadWorker):
    """`--worker-class image_processing_service.web_worker.PacedThreads`."""

    connection = PacedSocket

    def init_process(self) -> None:
        self._closers = ThreadPoolExecutor(CLOSERS, thread_name_prefix="close")
        self._closing: set[Future[None]] = set()
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """A new connection is given a thread once its client has said something."""
        if isinstance(conn.sock, PacedSocket):
            super().enqueue_req(conn)
            return
        conn.sock = self.connection.over(conn.sock)
        conn.close = partial(self._close, conn)
        conn.timeout = time.monotonic() + self.connection.grace
        self.pending_conns.append(conn)
        self.poller.register(
            conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn)
        )

    def _close(self, conn: Any, graceful: bool = False) -> None:
        """Called in the thread that accepts connections, and in no other."""
        self._closing = {each for each in self._closing if not each.done()}
        if graceful and len(self._closing) < MOST_CLOSING:
            self._closing.add(self._closers.submit(util.close_graceful, conn.sock))
        else:
            util.close(conn.sock)
