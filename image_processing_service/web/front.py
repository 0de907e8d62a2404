"""The ASGI application that the server calls: it protects Django's threads from slow clients.

A request reaches a thread when it is complete. Its answer is made piece by piece, in a thread that
is free again while the client reads. The number of threads bounds how many requests are processed
at a time, as a server with one thread for each request would do.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from api.http import client_address, disconnection, refusal
from image_processing_service.web.answer import Answer, Application
from image_processing_service.web.body import Body, ClientGone, Receive, has_body
from image_processing_service.web.environ import build_environ, check_target
from utils.errors import DomainError
from utils.slots import NoFreeSlot, Slots

Send = Callable[[dict[str, Any]], Awaitable[None]]

# Bodies that a process receives at a time, from all clients together.
MAX_BODIES = 256
# After the answer to a request with an unread body, the client may still be sending. A connection
# that is closed at once would be reset, and the client might not see the answer.
DRAIN_SECONDS = 2.0


class TooManyUploads(DomainError):
    code = "too_many_uploads"
    status = 503
    title = "Too many requests with a body at once"


class Front:
    """Receives requests, runs `application` (WSGI) in `threads` threads, sends the answers."""

    def __init__(self, application: Application, *, threads: int, per_address: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._bodies = Slots(MAX_BODIES, per_owner=per_address)
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # a WebSocket, which gets 403
            await send({"type": "websocket.close"})
            return
        # The server cancels the call when the client has gone. A thread cannot be cancelled, and
        # what it changes must be complete.
        task = asyncio.create_task(self._serve(scope, receive, send))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def _serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        environ = build_environ(scope)
        body = Body()
        try:
            await self._receive(scope, body, receive, environ)
            await self._respond(body, receive, send, environ)
        except ClientGone:
            pass
        finally:
            body.close()

    async def _receive(
        self,
        scope: MutableMapping[str, Any],
        body: Body,
        receive: Receive,
        environ: dict[str, Any],
    ) -> None:
        """Receive the body. Leaves the reason in `environ` if the request is refused."""
        try:
            check_target(scope)
            with self._slot(environ):
                await body.receive(receive, environ)
        except DomainError as error:
            environ[refusal.KEY] = error
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(), "0"
        else:
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = body.file, str(body.size)

    @contextmanager
    def _slot(self, environ: dict[str, Any]) -> Iterator[None]:
        """Hold one of the places for a request with a body. Raises `TooManyUploads`."""
        if not has_body(environ):
            yield
            return
        owner = _address_of(environ)
        try:
            self._bodies.take(owner)
        except NoFreeSlot as full:
            whose = "your address" if full.of_owner else "all clients"
            raise TooManyUploads(
                f"{full.limit} requests from {whose} are sending their bodies; at most "
                f"{full.limit} may do so at a time. Try again when one is done.",
                limit=full.limit,
                actual=full.limit + 1,
            ) from full
        try:
            yield
        finally:
            self._bodies.release(owner)

    async def _respond(
        self, body: Body, receive: Receive, send: Send, environ: dict[str, Any]
    ) -> None:
        gone = environ[disconnection.KEY] = threading.Event()
        if not body.is_complete:
            await self._send(Answer(self._application, environ), send, gone, close=True)
            await _drain(receive)
            return
        watch = asyncio.create_task(_watch(receive, gone))
        try:
            await self._send(Answer(self._application, environ), send, gone)
        finally:
            watch.cancel()

    async def _send(
        self, answer: Answer, send: Send, gone: threading.Event, *, close: bool = False
    ) -> None:
        # One context for all threads that work on this request, and for no other request.
        context = contextvars.Context()

        async def run(part: Callable[[], Any]) -> Any:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, context.run, part)

        try:
            piece = await run(answer.start)
            headers = [*answer.headers, (b"connection", b"close")] if close else answer.headers
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            while True:
                more = not answer.is_complete
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                if not more or gone.is_set():
                    break
                piece = await run(answer.next_piece)
        finally:
            if not answer.is_complete:
                await run(answer.close)


def _address_of(environ: dict[str, Any]) -> str:
    request = HttpRequest()
    request.META = environ
    return client_address.counted_as(request) or ""


async def _watch(receive: Receive, gone: threading.Event) -> None:
    """Set `gone` when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


async def _drain(receive: Receive) -> None:
    """Read what the client still sends, for a short time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + DRAIN_SECONDS
    try:
        async with asyncio.timeout_at(deadline):
            # Compared as well, because `receive` can lose a time-out: see `Body`.
            while (await receive()).get("more_body") and loop.time() < deadline:
                pass
    except TimeoutError:
        pass


def make_front(application: Application) -> Front:
    """Return the front of `application` with the operator's settings."""
    return Front(
        application,
        threads=settings.WEB_THREADS,
        per_address=settings.MAX_UPLOADS_PER_ADDRESS,
    )
