"""Threads that do not delay the end of the program."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def run_in_threads(work: Callable[[T], R], items: Sequence[T], at_a_time: int) -> Iterator[R]:
    """Yield the result of `work` for each item as soon as it is ready; raise its exceptions.

    The threads are daemons, so that Ctrl-C ends the program at once, whatever they wait for.
    """
    todo: queue.SimpleQueue[T] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[R | None, BaseException | None]] = queue.SimpleQueue()
    stopped = threading.Event()
    for item in items:
        todo.put(item)

    def serve() -> None:
        while not stopped.is_set():
            try:
                item = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((work(item), None))
            except BaseException as error:  # noqa: BLE001 - the generator raises it
                done.put((None, error))

    for _ in range(min(at_a_time, len(items))):
        threading.Thread(target=serve, daemon=True).start()
    try:
        for _ in items:
            result, error = done.get()
            if error is not None:
                raise error
            yield result  # type: ignore[misc]  # R may be None itself
    finally:
        stopped.set()
