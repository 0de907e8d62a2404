"""Who gets the next free thread: an answer that has begun, before a request that has not.

Every fourth thread that becomes free goes to a request first. Otherwise a few clients that download
without a pause keep all requests from starting.
"""

from __future__ import annotations

import asyncio
from collections import deque

REQUEST_FIRST_EVERY = 4

Waiting = deque[asyncio.Future[None]]


class Turns:
    """`free` threads. Belongs to one event loop."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._requests: Waiting = deque()
        self._answers: Waiting = deque()
        self._given_back = 0

    @property
    def all_taken(self) -> bool:
        """Whether who comes now has to wait."""
        return self._free == 0

    async def take_for_request(self) -> None:
        """Take a thread for a request that has not begun."""
        await self._take(self._requests)

    async def take_for_answer(self) -> None:
        """Take a thread for the next piece of an answer, or to close it.

        A client that reads waits for it, and an answer that ends releases what it holds.
        """
        await self._take(self._answers)

    def give_back(self) -> None:
        """Let the next one have the thread."""
        self._given_back += 1
        queues = [self._answers, self._requests]
        if self._given_back % REQUEST_FIRST_EVERY == 0:
            queues.reverse()
        for waiting in queues:
            while waiting:
                turn = waiting.popleft()
                if not turn.cancelled():
                    turn.set_result(None)
                    return
        self._free += 1

    async def _take(self, waiting: Waiting) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn in waiting:
                waiting.remove(turn)
            elif not turn.cancelled():
                self.give_back()
            raise
