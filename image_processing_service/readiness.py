"""Whether the parts that a process needs answer, without a long wait for one that does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from threading import Lock, Thread

import structlog

# How long a result is reused: anyone may ask, and each check opens connections.
REUSED_SECONDS = 1.0
# How long requests get the last result at once while another request waits for the next one.
KEPT_SECONDS = 30.0
# How long a request waits for the checks. The health check of the container waits longer.
CHECK_SECONDS = 2.0

OK = "ok"
Check = Callable[[], None]

log = structlog.get_logger(__name__)


class Readiness:
    """The state of each part: `OK`, or what is wrong with it.

    Each check runs in a thread of its own, which nobody joins. As long as a check hangs, its part
    gets no other.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._lock = Lock()
        self._running: dict[str, Future[str]] = {}
        self._states: dict[str, str] = {}
        self._checked_at = float("-inf")
        self._waiting = 0

    def states(self) -> dict[str, str]:
        """Return the state of each part, checked now or lately."""
        with self._lock:
            age = time.monotonic() - self._checked_at
            if age < (KEPT_SECONDS if self._waiting else REUSED_SECONDS):
                return self._states
            self._waiting += 1
            running = {name: self._run(name) for name in self._checks}
        wait(running.values(), CHECK_SECONDS)
        states = {name: _state(name, future) for name, future in running.items()}
        with self._lock:
            self._waiting -= 1
            self._states, self._checked_at = states, time.monotonic()
        return states

    def _run(self, name: str) -> Future[str]:
        """Return the running check of this part, or start one."""
        earlier = self._running.get(name)
        if earlier is not None and not earlier.done():
            return earlier
        future = self._running[name] = Future()
        arguments = (name, self._checks[name], future)
        try:
            Thread(target=_check, args=arguments, name=f"check-{name}", daemon=True).start()
        except RuntimeError as error:  # no memory for a thread, or the process ends
            future.set_result(f"The {name} cannot be checked: {error}.")
        return future


def _check(name: str, check: Check, future: Future[str]) -> None:
    state = f"The {name} does not answer."
    try:
        check()
        state = OK
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not ready
        log.warning("part_not_ready", part=name, error=str(error))
    finally:
        future.set_result(state)


def _state(name: str, future: Future[str]) -> str:
    if future.done():
        return future.result()
    return f"The {name} does not answer within {CHECK_SECONDS:g} seconds."
