"""The ASGI application that the server calls: it protects Django's threads from slow clients.

A request reaches a thread when it is complete. Its answer is made piece by piece, in a thread that
is free again while the client reads. The number of threads bounds how many requests are processed
at a time, as a server with one thread for each request would do.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from api.http import client_address, disconnection, refusal
from api.requests import received_form
from image_processing_service.web.answer import Answer, Application
from image_processing_service.web.body import Body, ClientGone, Receive, has_body
from image_processing_service.web.environ import build_environ, check_target
from image_processing_service.web.presence import Presence
from image_processing_service.web.threads import ServiceBusy, Threads
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
        self._threads = Threads(threads)
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
        environ[disconnection.KEY] = scope["presence"].has_ended
        body = Body()
        try:
            # What the request holds until a thread takes it.
            with ExitStack() as places:
                await self._receive(scope, body, receive, environ, places)
                answer = Answer(self._application, environ)
                await self._send(answer, scope["presence"], send, places, body.is_complete)
            if not body.is_complete:
                await _drain(receive)
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
        places: ExitStack,
    ) -> None:
        """Receive the body. Leaves the reason in `environ` if the request is refused."""
        try:
            check_target(scope)
            self._take_slot(environ, places)
            await body.receive(receive, environ)
        except DomainError as error:
            _refuse(environ, error)
        else:
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = body.file, str(body.size)
            environ[received_form.KEY] = body.descriptor

    def _take_slot(self, environ: dict[str, Any], places: ExitStack) -> None:
        """Take one of the places for a request with a body. Raises `TooManyUploads`."""
        if not has_body(environ):
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
        places.callback(self._bodies.release, owner)

    async def _send(
        self,
        answer: Answer,
        presence: Presence,
        send: Send,
        places: ExitStack,
        keep_alive: bool,
    ) -> None:
        try:
            piece = await self._start(answer, presence, places)
            headers = answer.headers if keep_alive else [*answer.headers, (b"connection", b"close")]
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            while True:
                more = not answer.is_complete
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                if not more or presence.is_lost:
                    break
                piece = await self._threads.wait_and_run(answer.next_piece)
        finally:
            if answer.is_open:
                await self._threads.wait_and_run(answer.close)

    async def _start(self, answer: Answer, presence: Presence, places: ExitStack) -> bytes:
        """Start the answer in a thread. A refusal needs none: it asks no other server."""
        if refusal.KEY not in answer.environ:
            try:
                async with self._threads.thread_for(_address_of(answer.environ), presence):
                    places.close()
                    return await self._threads.run(answer.start)
            except ServiceBusy as busy:
                _refuse(answer.environ, busy)
        if presence.is_lost:
            raise ClientGone
        return answer.start()


def _refuse(environ: dict[str, Any], error: DomainError) -> None:
    """Let Django answer the request with the error, without its body."""
    environ[refusal.KEY] = error
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(), "0"


def _address_of(environ: dict[str, Any]) -> str:
    request = HttpRequest()
    request.META = environ
    return client_address.counted_as(request) or ""


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
