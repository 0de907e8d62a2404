"""Which of those that wait for a thread gets it, and when the threads start."""

from __future__ import annotations

import asyncio
import threading

import pytest

from image_processing_service.web.threads import Threads
from image_processing_service.web.turns import Turns
from tests.servers.web_server import NO_HANG


def test_an_answer_that_has_begun_goes_before_requests() -> None:
    """Else each of its pieces would wait for all requests that came before."""

    async def main() -> list[str]:
        turns = Turns(1)
        served: list[str] = []

        async def take(name: str) -> None:
            await (turns.take_for_answer() if name == "piece" else turns.take_for_request())
            served.append(name)
            turns.give_back()

        await turns.take_for_request()
        assert turns.all_taken
        names = ("first", "left", "second", "piece")
        first, left, *others = [asyncio.create_task(take(name)) for name in names]
        await asyncio.sleep(0)
        left.cancel()
        turns.give_back()
        await asyncio.wait((first, left, *others))
        assert not turns.all_taken
        return served

    assert asyncio.run(main()) == ["piece", "first", "second"]


def test_a_request_gets_a_turn_while_answers_always_wait() -> None:
    async def main() -> list[str]:
        turns = Turns(1)
        served: list[str] = []

        async def answer() -> None:
            while True:
                await turns.take_for_answer()
                served.append("piece")
                turns.give_back()

        async def request() -> None:
            await turns.take_for_request()
            served.append("request")
            turns.give_back()

        await turns.take_for_request()
        answers = [asyncio.create_task(answer()) for _ in range(2)]
        requests = [asyncio.create_task(request()) for _ in range(2)]
        await asyncio.sleep(0)
        turns.give_back()
        while len(served) < 8:
            await asyncio.sleep(0)
        for task in (*answers, *requests):
            task.cancel()
        return served[:8]

    assert asyncio.run(main()) == [*["piece"] * 3, "request"] * 2


def test_a_turn_that_comes_with_the_end_of_the_wait_is_given_back() -> None:
    async def main() -> None:
        turns = Turns(1)
        await turns.take_for_answer()
        waiting = asyncio.create_task(turns.take_for_request())
        await asyncio.sleep(0)
        turns.give_back()
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        assert not turns.all_taken

    asyncio.run(main())


def test_all_threads_start_before_the_first_request() -> None:
    """Their stacks, 8 MB each, are not memory that requests take."""
    before = threading.active_count()
    Threads(3)
    assert threading.active_count() == before + 3


def test_no_thread_stays_if_one_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process could not end while one of them waits for the others."""
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def start_two(thread: threading.Thread) -> None:
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        start(thread)
        started.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start_two)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        Threads(3)
    for thread in started:
        thread.join(NO_HANG)
    assert [thread.is_alive() for thread in started] == [False, False]
