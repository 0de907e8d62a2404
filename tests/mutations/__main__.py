"""Try the mutations: `./scripts/services -- python -m tests.mutations [subject ...]`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue

from tests.mutations.checkout_copy import CheckoutCopy, Run
from tests.mutations.mutation import Mutation, load, subjects
from tests.mutations.verdict import Verdict, try_out

ROOT = Path(__file__).resolve().parents[2]
COPIES = 2
UNCHANGED_SECONDS = 1800.0
SERVICES = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_REDIS_URL")


def main(arguments: Sequence[str]) -> int:
    """Print the verdict of every mutation. Return 1 if one survived or its entry is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=", ".join(subjects()))
    names = parser.parse_args(arguments).subjects
    if unknown := set(names) - set(subjects()):
        parser.error(f"there is no subject {', '.join(sorted(unknown))}")
    if missing := [name for name in SERVICES if name not in os.environ]:
        parser.error(f"{', '.join(missing)} is not set; start this with ./scripts/services --")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        copies = [
            CheckoutCopy(ROOT, Path(folder) / str(number), number, os.environ)
            for number in range(COPIES)
        ]
        try:
            return _try_all(load(names), copies)
        except KeyboardInterrupt:
            return 130
        finally:
            for copy in copies:
                copy.stop()


def _try_all(mutations: Sequence[Mutation], copies: Sequence[CheckoutCopy]) -> int:
    start = time.monotonic()
    with ThreadPoolExecutor(len(copies)) as pool:
        try:
            if not _are_green(mutations, copies, pool):
                return 1
            counts = _count_verdicts(mutations, copies, pool)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for copy in copies:
                copy.stop()
            raise
    killed = sum(count for verdict, count in counts.items() if verdict.is_good)
    print(
        f"=== {killed} of {len(mutations)} mutations were killed; "
        f"{counts[Verdict.SURVIVED]} survived, {counts[Verdict.BROKEN]} entries are broken "
        f"({time.monotonic() - start:.0f} s) ==="
    )
    return 0 if killed == len(mutations) else 1


def _are_green(
    mutations: Sequence[Mutation], copies: Sequence[CheckoutCopy], pool: ThreadPoolExecutor
) -> bool:
    """Whether the tests pass without a mutation; otherwise their failures prove nothing."""
    tests = sorted({test for mutation in mutations for test in mutation.killed_by})
    # Divide by file, so that each copy imports and compiles only its own files.
    files = sorted({test.split("::")[0] for test in tests})
    parts = [
        [test for test in tests if files.index(test.split("::")[0]) % len(copies) == number]
        for number in range(len(copies))
    ]
    runs = [
        pool.submit(copy.run, part, seconds=UNCHANGED_SECONDS, compile=True)
        for copy, part in zip(copies, parts, strict=True)
        if part
    ]
    green = True
    for run in (future.result() for future in runs):
        if run.status != 0:
            green = False
            print(run.output, "Tests are not green without any mutation.", sep="\n")
    if green:
        print(f"{len(tests)} tests are green without any mutation.", flush=True)
    return green


def _count_verdicts(
    mutations: Sequence[Mutation], copies: Sequence[CheckoutCopy], pool: ThreadPoolExecutor
) -> Counter[Verdict]:
    free: SimpleQueue[CheckoutCopy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def try_in_free_copy(mutation: Mutation) -> tuple[Verdict, Run]:
        copy = free.get()
        try:
            return try_out(mutation, copy)
        finally:
            free.put(copy)

    futures: dict[Future[tuple[Verdict, Run]], Mutation] = {
        pool.submit(try_in_free_copy, mutation): mutation for mutation in mutations
    }
    counts: Counter[Verdict] = Counter()
    for future in as_completed(futures):
        verdict, run = future.result()
        counts[verdict] += 1
        print(_line(futures[future], verdict, run), flush=True)
        if verdict is Verdict.BROKEN:
            print(run.output)
    return counts


def _line(mutation: Mutation, verdict: Verdict, run: Run) -> str:
    tests = run.red if verdict is Verdict.KILLED else mutation.killed_by
    title = f"{mutation.subject}: {mutation.name}"
    return f"{verdict:<12} {title} [{', '.join(tests)}, {run.seconds:.1f} s]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
