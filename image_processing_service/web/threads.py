"""The threads that run Django, and the requests that wait for one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from threading import Event
from typing import TypeVar

from image_processing_service.web.presence import Presence
from image_processing_service.web.turns import Turns
from utils.errors import DomainError
from utils.slots import NoFreeSlot, Slots

# Requests that wait for a thread in a process. Each holds its head and its body, of which up to
# 64 KiB are in memory.
MAX_WAITING = 512
MAX_WAITING_PER_ADDRESS = 256

T = TypeVar("T")


class ServiceBusy(DomainError):
    code = "service_busy"
    status = 503
    title = "The service is busy. Try again soon"


class Threads:
    """`count` threads. Who needs one waits in the event loop, where the wait can end early."""

    def __init__(self, count: int) -> None:
        self._threads = _start(count)
        self._turns = Turns(count)
        self._waiting = Slots(MAX_WAITING, per_owner=MAX_WAITING_PER_ADDRESS)

    @asynccontextmanager
    async def thread_for(self, address: str, presence: Presence) -> AsyncIterator[None]:
        """Hold a thread for a request of this address, to be used by `run`.

        Raises `ServiceBusy` if too many requests wait, or if the client may have gone before a
        thread is free. A client that is still there can read the answer and try again.
        """
        if self._turns.all_taken:
            await self._wait(address, presence)
        else:
            await self._turns.take_for_request()
        try:
            yield
        finally:
            self._turns.give_back()

    async def _wait(self, address: str, presence: Presence) -> None:
        try:
            self._waiting.take(address)
        except NoFreeSlot as full:
            whose = "your address" if full.of_owner else "all clients"
            raise ServiceBusy(
                f"{full.limit} requests from {whose} wait to be processed; at most {full.limit} "
                "may wait at a time.",
                limit=full.limit,
                actual=full.limit + 1,
            ) from full
        turn = asyncio.create_task(self._turns.take_for_request())
        is_taken = False
        try:
            await asyncio.wait((turn, presence.end), return_when=asyncio.FIRST_COMPLETED)
            is_taken = turn.done() and not presence.end.done()
        finally:
            self._waiting.release(address)
            if not is_taken and not turn.cancel():
                self._turns.give_back()
        if not is_taken:
            raise ServiceBusy(
                "The client closed its side of the connection while the request waited."
            )

    async def run(self, part: Callable[[], T]) -> T:
        """Run `part` in the thread that the caller holds."""
        running = asyncio.get_running_loop().run_in_executor(self._threads, part)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # The process stops. A thread cannot be cancelled, and until it is done, no other may
            # work on the same answer.
            while not running.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([running])
            raise

    async def wait_and_run(self, part: Callable[[], T]) -> T:
        """Run `part` of an answer that has begun when a thread is free."""
        await self._turns.take_for_answer()
        try:
            return await self.run(part)
        finally:
            self._turns.give_back()


def _start(count: int) -> ThreadPoolExecutor:
    """Start all threads now, so that their stacks do not count as memory of requests."""
    threads = ThreadPoolExecutor(count, thread_name_prefix="request")
    may_finish = Event()  # a thread that had finished would get the next call
    try:
        for _ in range(count):
            threads.submit(may_finish.wait)
    except RuntimeError:  # the system has no more threads
        threads.shutdown(wait=False)
        raise
    finally:
        may_finish.set()
    return threads
