"""Several at a time, and an end that waits for nobody."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def each(work: Callable[[T], R], items: Sequence[T], at_a_time: int) -> Iterator[R]:
    """What `work` makes of each item, as it is ready; an exception of `work` is raised here.

    The threads are daemons, so that Ctrl-C ends the program at once, in the middle of whatever
    they wait for.
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
            except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
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
