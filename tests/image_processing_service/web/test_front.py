"""What a request holds while it waits for a thread, and what happens when it cannot have one."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import pytest
import structlog

from api.http import refusal
from image_processing_service import wsgi
from image_processing_service.web import threads
from image_processing_service.web.front import Front
from image_processing_service.web.presence import Presence

ADDRESS = "192.0.2.7"


class Application:
    """Its answers take until `go_on` is set. Knows what it has begun, made and closed."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.begun: list[str] = []
        self.seen: list[str] = []
        self.contexts: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        error = environ.get(refusal.KEY)
        start_response(f"{error.status if error else 200} ?", [])
        if error:
            return [error.code.encode()]
        self.begun.append(environ["PATH_INFO"])
        self.contexts.append(structlog.contextvars.get_contextvars())
        structlog.contextvars.bind_contextvars(path=environ["PATH_INFO"])
        return Pieces(self)


class Pieces:
    """An answer of one piece, which knows when it is closed."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __iter__(self) -> Iterable[bytes]:
        assert self.application.go_on.wait(60)
        self.application.seen.append("made")
        yield b"done"

    def close(self) -> None:
        self.application.seen.append("closed")


class Exchange:
    """A request that the front gets, and what it has sent."""

    def __init__(self, front: Front, path: str = "/", body: bytes = b"") -> None:
        self.presence = Presence(asyncio.get_running_loop())
        self.sent: list[MutableMapping[str, Any]] = []
        self._messages = [{"type": "http.request", "body": body, "more_body": False}]
        scope = {
            "type": "http",
            "method": "POST",
            "raw_path": path.encode(),
            "query_string": b"",
            "http_version": "1.1",
            "scheme": "http",
            "client": (ADDRESS, 50123),
            "server": ("127.0.0.1", 8000),
            "headers": [(b"content-length", str(len(body)).encode()), (b"host", b"localhost")],
            "presence": self.presence,
        }
        self.task = asyncio.ensure_future(front(scope, self._receive, self._send))

    async def _receive(self) -> MutableMapping[str, Any]:
        return self._messages.pop() if self._messages else {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)

    async def answer(self) -> tuple[int, bytes]:
        await self.task
        return self.sent[0]["status"], b"".join(message["body"] for message in self.sent[1:])


async def reached(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


Scenario = Callable[[Application, Front], Awaitable[None]]


def play(scenario: Scenario, *, per_address: int = 8) -> Application:
    """Play it at a front with one thread, which the first request holds."""
    application = Application()

    async def main() -> None:
        front = Front(application, threads=1, per_address=per_address)
        first = Exchange(front, "/first")
        await reached(lambda: application.begun)
        try:
            await scenario(application, front)
        finally:
            application.go_on.set()
        assert await first.answer() == (200, b"done")

    asyncio.run(main())
    return application


def test_a_request_whose_client_has_left_does_not_start() -> None:
    async def scenario(application: Application, front: Front) -> None:
        lost = [Exchange(front, body=b"abc") for _ in range(20)]
        await asyncio.sleep(0)
        for exchange in lost:
            exchange.presence.set_lost()
        await asyncio.gather(*(exchange.task for exchange in lost))
        assert not any(exchange.sent for exchange in lost)
        ended = Exchange(front)  # perhaps it only sends nothing more, and reads the answer
        ended.presence.set_ended()
        assert await ended.answer() == (503, b"service_busy")

    assert play(scenario).begun == ["/first"]


def test_a_request_that_has_begun_is_completed() -> None:
    application = Application()

    async def main() -> None:
        exchange = Exchange(Front(application, threads=1, per_address=8))
        await reached(lambda: application.begun)
        exchange.presence.set_lost()
        exchange.task.cancel()  # as gunicorn does after some seconds
        application.go_on.set()
        await reached(lambda: application.seen == ["made", "closed"])

    asyncio.run(main())


def test_the_number_of_requests_that_wait_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "MAX_WAITING", 3)

    async def scenario(application: Application, front: Front) -> None:
        waiting = [Exchange(front, f"/{number}") for number in range(3)]
        await asyncio.sleep(0)
        assert await Exchange(front).answer() == (503, b"service_busy")
        application.go_on.set()
        assert {await exchange.answer() for exchange in waiting} == {(200, b"done")}
        assert await Exchange(front, "/3").answer() == (200, b"done")

    application = play(scenario)
    assert application.begun == ["/first", "/0", "/1", "/2", "/3"]
    assert application.contexts == [{}] * 5


def test_a_body_keeps_its_place_until_a_thread_takes_it() -> None:
    async def scenario(application: Application, front: Front) -> None:
        waiting = [Exchange(front, body=b"abc") for _ in range(2)]
        await asyncio.sleep(0)
        assert await Exchange(front, body=b"abc").answer() == (503, b"too_many_uploads")
        application.go_on.set()
        assert {await exchange.answer() for exchange in waiting} == {(200, b"done")}
        assert await Exchange(front, body=b"abc").answer() == (200, b"done")

    play(scenario, per_address=2)


def test_an_answer_is_not_closed_while_a_thread_makes_it() -> None:
    """The server cancels all tasks when it stops, perhaps twice."""
    application = Application()

    async def main() -> None:
        Exchange(Front(application, threads=2, per_address=8))
        await reached(lambda: application.begun)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for _ in range(2):
            for task in tasks:
                task.cancel()
            for _ in range(100):
                await asyncio.sleep(0)  # lets all of them react
        assert application.seen == []
        application.go_on.set()
        await asyncio.wait(tasks)

    asyncio.run(main())
    assert application.seen == ["made", "closed"]


def test_django_refuses_without_a_thread() -> None:
    """Nothing before `RefusedRequests` waits for another server: it would stop the event loop."""

    async def main() -> Exchange:
        exchange = Exchange(Front(wsgi.application, threads=1, per_address=8), "a:80")
        await exchange.task
        return exchange

    start, *pieces = asyncio.run(main()).sent
    problem = json.loads(b"".join(piece["body"] for piece in pieces))
    assert (start["status"], problem["code"]) == (400, "bad_target")
    assert dict(start["headers"])[b"X-Request-ID"] == problem["request_id"].encode()
