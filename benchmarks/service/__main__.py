"""Measure the service: `python -m benchmarks.service [--only batch requests previews engine]`.

Starts it with temporary data. Everything is printed as a ratio of one run, because machines differ:

- a batch of distinct tasks, beside the bare engine in as many processes;
- requests, in processor time of the web server, beside an empty Django view behind the same server;
- the first preview of a photograph, beside a request that does nothing;
- the engine, beside libvips and Pillow.
"""

from __future__ import annotations

import argparse

from benchmarks import preview
from benchmarks.engine.__main__ import print_speed
from benchmarks.main_job import photograph
from benchmarks.service import processor_time, requests, throughput
from tests.stack.service import register_client, start_service

LEAST_SHARE = 0.8


def print_batch(tasks: int) -> None:
    data = photograph()
    processes = throughput.processes()
    before = throughput.bare(data, tasks, processes)
    # No proxies, so that the sources are soon ready.
    with (
        start_service(RATE_LIMITS="off", IMAGE_PROXY="off", QUOTA_CONCURRENT_TASKS="0") as service,
        register_client(service) as client,
    ):
        measured = throughput.batch(service, client, data, tasks)
        peaks = processor_time.peak_memory(service)
    after = throughput.bare(data, tasks, processes)
    bare = (before.seconds + after.seconds) / 2
    print(f"batch of {tasks} tasks, {processes} processes", flush=True)
    print(f"{'bare engine':22} {tasks / bare:6.1f} tasks a second, before and after", end=" ")
    print(f"{tasks / before.seconds:.1f} and {tasks / after.seconds:.1f}")
    print(f"{'service':22} {tasks / measured.seconds:6.1f} tasks a second", end="")
    print(f" {bare / measured.seconds:6.2f} of the engine, at least {LEAST_SHARE}")
    print(f"processor time of a task, ms; the bare engine takes {before.processor_ms:.0f}")
    for name, seconds in measured.processor.items():
        print(f"{'  ' + name:22} {seconds * 1000:6.1f}")
    print("peak memory of the largest process, MB")
    for name, peak in peaks.items():
        print(f"{'  ' + name:22} {peak / 1e6:6.0f}", flush=True)


def print_requests(rounds: int) -> None:
    print(f"\n{'':22} {'processor ms':>12} {'ratio':>7} {'at most':>8}", flush=True)
    base = 0.0
    with start_service(RATE_LIMITS="off") as service:
        for kind, time in requests.measure(service, rounds):
            base = base or time
            most = f"{kind.target:.0f}x" if kind.target else ""
            print(f"{kind.name:22} {time:12.2f} {time / base:6.1f}x {most:>8}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ("batch", "requests", "previews", "engine")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--tasks", type=int, default=500, help="tasks of the batch")
    parser.add_argument("--rounds", type=int, default=7, help="how often each request is sent")
    options = parser.parse_args()
    if "batch" in options.only:
        print_batch(options.tasks)
    if "requests" in options.only:
        print_requests(options.rounds)
    if "previews" in options.only:
        print()
        preview.print_requests(20)
    if "engine" in options.only:
        print()
        print_speed(9)


if __name__ == "__main__":
    main()
