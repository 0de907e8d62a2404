"""Kill workers at random moments: one child during its work, or all processes of a worker.

python -m tests.chaos.worker_kills --tasks 2000 --kills 20
python -m tests.chaos.worker_kills --rabbitmq
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import threading
import time
from contextlib import suppress

from tests.chaos.command import add_rabbitmq, end, report, running_with_rabbitmq
from tests.chaos.crowd import gather_crowd
from tests.chaos.figures import Figures
from tests.scripts.processes import until
from tests.stack.service import Service

# At worst, the lease of a killed worker's task ends after 30 s, and the next top-up 10 s later.
RECOVERY_SECONDS = 120


def run(service: Service, *, tasks: int, kills: int, seed: int = 0) -> Figures:
    """Spread `kills` over the time of `tasks`; every fourth kills a whole worker."""
    figures = Figures("worker kills")
    with gather_crowd(service) as crowd:
        submitting = threading.Thread(target=crowd.submit, args=[tasks])
        submitting.start()
        dice = random.Random(seed)
        killed = 0
        for number in range(kills):
            share = tasks * (number + 1) // (kills + 2)
            until(lambda share=share: crowd.done() >= share, f"{share} tasks to end")  # type: ignore[misc]
            killed += _kill(service, dice, whole=number % 4 == 3)
        fault_over = time.monotonic()
        submitting.join()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - fault_over
        figures.faults["kills"] = kills
        crowd.count(figures)
    figures.require(ended, f"not all done {RECOVERY_SECONDS} s after the last kill")
    figures.require_nothing_lost()
    figures.require(
        figures.run_twice <= killed, f"{killed} children were killed, but more tasks ran twice"
    )
    return figures


def _kill(service: Service, dice: random.Random, *, whole: bool) -> int:
    """Kill a child of the light worker, or all its processes, which the supervisor restarts.

    Return how many tasks this can interrupt: one for each child.
    """
    until(lambda: service.worker("light").children, "a worker with children")
    time.sleep(dice.random() / 10)
    worker = service.worker("light")
    victims = [*worker.main, *worker.children] if whole else [dice.choice(worker.children)]
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(worker.children) if whole else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    add_rabbitmq(parser)
    options = parser.parse_args()
    if options.rabbitmq:
        with running_with_rabbitmq() as (service, _):
            end(run(service, tasks=options.tasks, kills=options.kills))
    report(lambda service: run(service, tasks=options.tasks, kills=options.kills))
