"""`python -m tests.fuzz.api --examples 200`: random requests to a service started for them."""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz.api.run import Figures, run
from tests.stack.service import running

PAUSE = 60  # seconds between two lines of a run that takes an hour


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.api", description=__doc__)
    parser.add_argument("--examples", type=int, default=200, help="requests for each operation")
    parser.add_argument("--url", help="a service that runs already, without rate limits")
    given = parser.parse_args()
    if given.url:
        return report(given.url, given.examples)
    with running(RATE_LIMITS="off", LOGIN_FAILURE_LIMIT="1000000") as service:
        return report(service.url, given.examples)


def report(url: str, examples: int) -> int:
    """Print what was found and the figures; 1 if anything was found."""
    start = said = time.monotonic()

    def say(figures: Figures) -> None:
        nonlocal said
        if time.monotonic() - said >= PAUSE:
            said = time.monotonic()
            print(f"{figures}, seconds {said - start:.0f}", flush=True)

    figures = run(url, examples, after_scenario=say)
    for (operation, title), detail in figures.findings.items():
        print(f"\n{operation}: {title}\n{detail}")
    print(f"\n{figures}, seconds {time.monotonic() - start:.0f}")
    return 1 if figures.findings else 0


if __name__ == "__main__":
    sys.exit(main())
