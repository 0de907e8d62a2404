"""Measure the service: `python -m benchmarks.service`.

Starts it with temporary data. The table shows the processor time that the web server uses for one
request of each kind, also as a multiple of an empty Django view behind the same web server.
"""

from __future__ import annotations

import argparse

from benchmarks.service import requests
from tests.stack.service import Service, start_service


def print_requests(service: Service, rounds: int) -> None:
    print(f"{'':22} {'processor ms':>12} {'ratio':>7} {'at most':>8}", flush=True)
    base = 0.0
    for kind, time in requests.measure(service, rounds):
        base = base or time
        most = f"{kind.target:.0f}x" if kind.target else ""
        print(f"{kind.name:22} {time:12.2f} {time / base:6.1f}x {most:>8}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each kind is sent")
    options = parser.parse_args()
    with start_service(RATE_LIMITS="off") as service:
        print_requests(service, options.rounds)


if __name__ == "__main__":
    main()
