"""Stop the broker for minutes, or freeze it, while users continue to submit tasks.

python -m tests.chaos.broker_away --minutes 10
python -m tests.chaos.broker_away --silent --minutes 1
python -m tests.chaos.broker_away --rabbitmq --minutes 1

The same Redis counts rates and locks, so the cache is away with the broker, unless the broker is
RabbitMQ.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from tests.chaos.command import add_rabbitmq, end, report, running_with_rabbitmq
from tests.chaos.crowd import gather_crowd
from tests.chaos.figures import Figures
from tests.servers.rabbitmq import RabbitMQ
from tests.stack.service import Service

RECOVERY_SECONDS = 120
ANSWER_SECONDS = 0.5


def run(
    service: Service,
    *,
    seconds: float,
    tasks: int,
    silent: bool,
    rabbitmq: RabbitMQ | None = None,
    answer_within: float = ANSWER_SECONDS,
) -> Figures:
    """Submit `tasks` over `seconds` without a broker."""
    figures = Figures("broker silent" if silent else "broker away")
    with gather_crowd(service) as crowd:
        crowd.submit(len(crowd.clients) * 4)  # until every thread of the web server has worked
        crowd.wait(RECOVERY_SECONDS)
        figures.measured["slowest submission before"] = f"{crowd.slowest * 1000:.0f} ms"
        crowd.slowest = 0
        with _fault(service, rabbitmq, silent):
            crowd.submit(tasks, pause=seconds * len(crowd.clients) / tasks)
            waiting = crowd.unfinished()
        returned = time.monotonic()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - returned
        figures.faults["seconds without the broker"] = round(seconds)
        figures.measured["still waiting at its return"] = str(waiting)
        figures.measured["slowest submission"] = f"{crowd.slowest * 1000:.0f} ms"
        crowd.count(figures)
        figures.require(
            crowd.slowest < answer_within,
            f"a submission took {crowd.slowest:.1f} s, more than {answer_within} s",
        )
    figures.require(ended, f"not all done {RECOVERY_SECONDS} s after its return")
    figures.require_nothing_lost()
    return figures


def _fault(
    service: Service, rabbitmq: RabbitMQ | None, silent: bool
) -> AbstractContextManager[None]:
    if rabbitmq:
        return rabbitmq.frozen() if silent else rabbitmq.stopped()
    return _frozen(service) if silent else _stopped(service)


@contextmanager
def _stopped(service: Service) -> Iterator[None]:
    service.supervisorctl("stop", "redis")
    try:
        yield
    finally:
        service.supervisorctl("start", "redis")


@contextmanager
def _frozen(service: Service) -> Iterator[None]:
    redis = service.pid("redis")
    os.kill(redis, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(redis, signal.SIGCONT)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--silent", action="store_true")
    add_rabbitmq(parser)
    options = parser.parse_args()
    scenario = partial(
        run, seconds=options.minutes * 60, tasks=options.tasks, silent=options.silent
    )
    if options.rabbitmq:
        with running_with_rabbitmq() as (service, broker):
            end(scenario(service, rabbitmq=broker))
    report(scenario)
