"""Kill broker and database during the work; the supervisor restarts them.

python -m tests.chaos.services_killed --tasks 1000 --broker-kills 5 --flushes 2 --restarts 2
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import threading
import time

import psycopg2
import redis

from tests.chaos.command import report
from tests.chaos.crowd import Crowd, gather_crowd
from tests.chaos.figures import Figures
from tests.scripts.processes import until
from tests.stack.service import Service

RECOVERY_SECONDS = 120


def run(
    service: Service, *, tasks: int, broker_kills: int, flushes: int, restarts: int, seed: int = 0
) -> Figures:
    """Inject the faults in a random order, spread over the time of `tasks`."""
    figures = Figures("services killed")
    faults = [_kill_broker] * broker_kills + [_flush] * flushes + [_restart_database] * restarts
    random.Random(seed).shuffle(faults)
    with gather_crowd(service) as crowd:
        submitting = threading.Thread(target=crowd.submit, args=[tasks])
        submitting.start()
        for number, fault in enumerate(faults):
            _until_done(crowd, tasks * number // (len(faults) + 1))
            fault(service)
        over = time.monotonic()
        submitting.join()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - over
        figures.faults = {
            "broker kills": broker_kills,
            "flushes": flushes,
            "database restarts": restarts,
        }
        figures.measured["requests answered 503"] = str(len(crowd.postponed))
        crowd.count(figures)
    figures.require(ended, f"not all done {RECOVERY_SECONDS} s after the last fault")
    figures.require_nothing_lost()
    return figures


def _until_done(crowd: Crowd, count: int) -> None:
    def enough() -> bool:
        try:
            return crowd.done() >= count
        except psycopg2.Error:
            return False

    until(enough, f"{count} tasks to end")


def _kill_broker(service: Service) -> None:
    os.kill(service.pid("redis"), signal.SIGKILL)
    broker = redis.Redis.from_url(service.environment()["CELERY_BROKER_URL"])
    until(lambda: _answers(broker), "the broker to come back")
    broker.close()


def _answers(broker: redis.Redis) -> bool:
    try:
        return bool(broker.ping())
    except redis.RedisError:
        return False


def _flush(service: Service) -> None:
    with redis.Redis.from_url(service.environment()["CELERY_BROKER_URL"]) as broker:
        broker.flushdb()


def _restart_database(service: Service) -> None:
    """Stop the server in immediate mode: it drops all connections and then recovers."""
    before = service.pid("postgres")
    os.kill(before, signal.SIGQUIT)

    def is_back() -> bool:
        try:
            return service.pid("postgres") not in (0, before) and bool(service.query("SELECT 1"))
        except psycopg2.Error:
            return False

    until(is_back, "the database to come back")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--broker-kills", type=int, default=5)
    parser.add_argument("--flushes", type=int, default=2)
    parser.add_argument("--restarts", type=int, default=2)
    options = parser.parse_args()
    report(
        lambda service: run(
            service,
            tasks=options.tasks,
            broker_kills=options.broker_kills,
            flushes=options.flushes,
            restarts=options.restarts,
        )
    )
