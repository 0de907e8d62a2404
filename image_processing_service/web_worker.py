"""gunicorn's threaded worker, protected against clients that are slow on purpose.

A thread serves one connection at a time, and gunicorn lets it wait for the client for ever. A few
clients that send half a request, or never read their answer, would occupy all threads. Here a
connection that makes too little progress is closed.

gunicorn also waits up to two seconds for the client to close the connection after the last answer,
in the only thread that accepts connections. Here other threads wait.
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
# Threads of a process that wait for clients to close their connections, and the most connections
# that wait; connections above that are closed at once.
CLOSERS = 4
MAX_CLOSING = 32


class PacedSocket(socket.socket):
    """A connection whose client may lag at most `grace` seconds behind `slowest` bytes per second.

    Time counts only while a thread waits for the client. If the client lags too far behind, the
    call raises `ConnectionResetError`, as if the client had closed the connection.
    """

    grace = 15.0
    slowest = 2048.0

    _behind = 0.0

    @classmethod
    def from_socket(cls, plain: socket.socket) -> PacedSocket:
        """Take over the connection of `plain`, which cannot be used afterwards."""
        timeout = plain.gettimeout()
        paced = cls(fileno=plain.detach())
        paced.settimeout(timeout)
        return paced

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        with self._waiting():
            data = super().recv(size, flags)
        self._record_progress(len(data))
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            with self._waiting():
                sent = self.send(rest, flags)
            self._record_progress(sent)
            rest = rest[sent:]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        total = 0
        while count is None or total < count:
            piece = FILE_PIECE if count is None else min(FILE_PIECE, count - total)
            with self._waiting():
                sent = super().sendfile(file, offset + total, piece)
            if not sent:
                break
            self._record_progress(sent)
            total += sent
        return total

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        if self.gettimeout() is not None:  # gunicorn has set a time-out, or does not block
            yield
            return
        started = time.monotonic()
        self.settimeout(max(0.001, self.grace - self._behind))
        try:
            yield
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "The client is too slow.") from error
        finally:
            self.settimeout(None)
            self._behind += time.monotonic() - started

    def _record_progress(self, count: int) -> None:
        self._behind = max(0.0, self._behind - count / self.slowest)


class PacedThreads(ThreadWorker):
    """`--worker-class image_processing_service.web_worker.PacedThreads`."""

    connection = PacedSocket

    def init_process(self) -> None:
        self._closers = ThreadPoolExecutor(CLOSERS, thread_name_prefix="close")
        self._closing: set[Future[None]] = set()
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Give a new connection a thread only after its client has sent something."""
        if isinstance(conn.sock, PacedSocket):
            super().enqueue_req(conn)
            return
        conn.sock = self.connection.from_socket(conn.sock)
        conn.close = partial(self._close, conn)
        conn.timeout = time.monotonic() + self.connection.grace
        self.pending_conns.append(conn)
        self.poller.register(
            conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn)
        )

    def _close(self, conn: Any, graceful: bool = False) -> None:
        """Close a connection. Only the thread that accepts connections calls this."""
        self._closing = {each for each in self._closing if not each.done()}
        if graceful and len(self._closing) < MAX_CLOSING:
            self._closing.add(self._closers.submit(util.close_graceful, conn.sock))
        else:
            util.close(conn.sock)
