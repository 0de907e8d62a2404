"""Run tasks that need more memory than planned: they fail, the worker and other tasks continue.

python -m tests.chaos.runaway_memory --tasks 20

No plan is known to be wrong, so the memory limit of the worker is lowered to its present memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders import pictures
from tests.chaos.command import report
from tests.chaos.figures import Figures
from tests.scripts.processes import until
from tests.stack.service import Service, register_client, submit, upload, wait_for_task

# Additional memory for a process: enough for small tasks, too little for 12 megapixels.
MARGIN = 48 * 1024 * 1024
CODES = ("out_of_memory", "too_much_memory")


def run(service: Service, *, tasks: int) -> Figures:
    """Submit `tasks` that exceed the limit of the light worker, and as many small ones."""
    figures = Figures("runaway memory", {"runaways": tasks}, tasks=2 * tasks)
    children = _new_children(service)
    with register_client(service) as client:
        large = upload(client, pictures.jpeg(4000, 3000))
        small = upload(client, pictures.jpeg())
        with _lower_limits(children):
            oversized = [submit(client, large, _steps(number)) for number in range(tasks)]
            ends = [wait_for_task(client, pk) for pk in oversized]
            small_tasks = [submit(client, small, _steps(number)) for number in range(tasks)]
            others = [wait_for_task(client, pk) for pk in small_tasks]
    failed = [(end["status"], end["error_code"]) for end in ends]
    figures.require(
        all(status == "FAILED" and code in CODES for status, code in failed), f"they ended {failed}"
    )
    figures.lost = sum(other["status"] != "SUCCESS" for other in others)
    figures.run_twice = sum(other["attempts"] > 1 for other in others)
    alive = set(service.worker("light").children)
    figures.require(set(children) <= alive, "a child of the worker died")
    figures.require_nothing_lost()
    return figures


def _new_children(service: Service) -> list[int]:
    """Replace the light worker's children: new ones hold no old memory and do not retire soon."""
    old = service.worker("light").children
    for pid in old:
        os.kill(pid, signal.SIGTERM)

    def renewed() -> bool:
        new = service.worker("light").children
        return len(new) == len(old) and not set(new) & set(old) and all(map(_is_bound, new))

    until(renewed, "new children with a bound on their memory")
    return service.worker("light").children


def _is_bound(pid: int) -> bool:
    return resource.prlimit(pid, resource.RLIMIT_DATA)[0] != resource.RLIM_INFINITY


def _steps(number: int) -> list[dict[str, object]]:
    return [
        {"operation": "flip", "params": {}},
        {"operation": "crop", "params": {"x": 0, "y": 0, "width": 10 + number, "height": 10}},
    ]


@contextmanager
def _lower_limits(processes: list[int]) -> Iterator[None]:
    before = {}
    for pid in processes:
        before[pid] = resource.prlimit(pid, resource.RLIMIT_DATA)
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[5])
        bound = pages * resource.getpagesize() + MARGIN
        resource.prlimit(pid, resource.RLIMIT_DATA, (bound, before[pid][1]))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_DATA, limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20)
    options = parser.parse_args()
    report(lambda service: run(service, tasks=options.tasks))
