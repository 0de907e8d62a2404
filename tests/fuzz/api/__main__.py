"""`python -m tests.fuzz.api --examples 200`: send random requests to a new service."""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz.api.run import Figures, run
from tests.stack.service import start_service

PROGRESS_SECONDS = 60  # between two progress lines: a run may take an hour


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.api", description=__doc__)
    parser.add_argument("--examples", type=int, default=200, help="requests for each operation")
    parser.add_argument("--url", help="use a running service, which must have no rate limits")
    options = parser.parse_args()
    if options.url:
        return report(options.url, options.examples)
    with start_service(RATE_LIMITS="off", LOGIN_FAILURE_LIMIT="1000000") as service:
        return report(service.url, options.examples)


def report(url: str, examples: int) -> int:
    """Print the findings and the figures. Return 1 if there are findings."""
    start = last_line = time.monotonic()

    def print_progress(figures: Figures) -> None:
        nonlocal last_line
        if time.monotonic() - last_line >= PROGRESS_SECONDS:
            last_line = time.monotonic()
            print(f"{figures}, seconds {last_line - start:.0f}", flush=True)

    figures = run(url, examples, after_scenario=print_progress)
    for (operation, title), detail in figures.findings.items():
        print(f"\n{operation}: {title}\n{detail}")
    print(f"\n{figures}, seconds {time.monotonic() - start:.0f}")
    return 1 if figures.findings else 0


if __name__ == "__main__":
    sys.exit(main())
