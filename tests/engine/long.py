"""The long runs: `python -m tests.engine.long pipelines|mutations --count N`.

The same as `test_properties` and `test_mutations` do for a few, many times. The cases come in
parts of which each has a process of its own, so that none can hide by taking it down; a part is
made of its number alone, and runs again with `--part`.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from image_processor.engine.optional_formats import EXTRAS
from tests.engine import hostile, mutants, trials
from tests.engine.memory_figures import status

PART = 250
# What one case may take at most: seconds of the processor, however busy the machine is, and
# seconds of the clock; the memory of the process, Python and libraries counted.
PROCESSOR_SECONDS = 60
SECONDS = 1200
BYTES = 1_000_000_000

# Most are tiny; some are large enough for reduced decoding, libvips, and more than one strip.
SIDES = st.one_of(*[trials.SIDES] * 6, st.integers(41, 400), st.integers(700, 1000))


class Tally:
    """How the cases of a part ended; the slowest; those that broke the rules."""

    def __init__(self) -> None:
        self.ends: Counter[str] = Counter()
        self.cases: set[str] = set()
        self.slowest = (0.0, "")
        self.broken: list[str] = []

    def run(self, name: str, case: Callable[[], str]) -> None:
        signal.setitimer(signal.ITIMER_PROF, PROCESSOR_SECONDS)
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        begun = time.process_time()
        try:
            self.ends[case()] += 1
        except Exception:
            self.ends["broken"] += 1
            self.broken.append(f"{name}\n{traceback.format_exc()}")
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.slowest = max(self.slowest, (time.process_time() - begun, name))
        self.cases.add(name)

    def to_dict(self) -> dict[str, Any]:
        different, peak = len(self.cases), status("VmHWM")
        return {
            "ends": self.ends,
            "different": different,
            "slowest": self.slowest,
            "peak": peak,
            "broken": self.broken,
        }


def pipelines(part: int, count: int) -> Tally:
    tally = Tally()

    # Nothing is stored or made smaller: that takes longer than all the trials together.
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(part)
    @given(trials.trials(SIDES))
    def attempts(trial: trials.Trial) -> None:
        tally.run(repr(trial), lambda: trials.outcome(trial))

    attempts()
    return tally


def mutations(part: int, count: int) -> Tally:
    tally = Tally()
    formats = (*hostile.FORMATS, *EXTRAS)
    files = {name: hostile.variants(name) for name in formats}
    for number in range(part * PART, part * PART + count):
        name = formats[number % len(formats)]
        chance = random.Random(f"{name} {number}")
        data = mutants.mutant(name, files[name], chance)
        pipeline = chance.choice(mutants.PIPELINES)
        tally.run(f"{name} {number}", lambda d=data, p=pipeline: mutants.outcome(d, p))  # type: ignore[misc]
    return tally


KINDS = {"pipelines": pipelines, "mutations": mutations}


def in_process(kind: str, part: int, count: int) -> dict[str, Any]:
    """What one part came to; a process that died is a broken case."""
    command = [sys.executable, "-m", "tests.engine.long", kind, f"--part={part}"]
    done = subprocess.run([*command, f"--count={count}"], capture_output=True, text=True)
    if done.returncode == 0:
        tally: dict[str, Any] = json.loads(done.stdout)
        if tally["peak"] > BYTES:
            tally["broken"].append(f"part {part} took {tally['peak'] / 1e6:.0f} MB")
        return tally
    said = f"part {part} died with {done.returncode}\n{done.stderr[:2000]}"
    return {"ends": {}, "different": 0, "slowest": [0.0, ""], "peak": 0, "broken": [said]}


def long_run(kind: str, count: int, processes: int, seconds: float, first: int) -> int:
    """0 when all cases ended as they should, within the time for all of them."""
    begun = time.monotonic()
    sizes = [min(PART, count - begun_with) for begun_with in range(0, count, PART)]
    parts = list(enumerate(sizes, start=first))

    def work(of: tuple[int, int]) -> dict[str, Any] | None:
        return in_process(kind, *of) if time.monotonic() - begun < seconds else None

    ends: Counter[str] = Counter()
    different, slowest, peak, broken, left = 0, [0.0, ""], 0, 0, 0
    with ThreadPoolExecutor(processes) as threads:
        for tally in threads.map(work, parts):
            if tally is None:
                left += 1
                continue
            ends.update(tally["ends"])
            different += tally["different"]
            slowest, peak = max(slowest, tally["slowest"]), max(peak, tally["peak"])
            broken += len(tally["broken"])
            for text in tally["broken"]:
                print(text, flush=True)
            taken = time.monotonic() - begun
            print(f"{ends.total()} of {count} {kind}, {taken:.0f} s", flush=True)
    print(f"{ends.total()} {kind} ({different} different): {dict(ends.most_common())}")
    print(f"peak memory of a process: {peak / 1e6:.0f} MB")
    print(f"slowest: {slowest[0]:.2f} s of the processor, {slowest[1]}")
    print(f"{broken} broken, {left} parts left out for want of time")
    return 1 if broken or left else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--count", type=int, default=PART)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3600, help="begin no part after that")
    parser.add_argument("--first", type=int, default=0, help="the number of the first part")
    parser.add_argument("--part", type=int, help="run only this one, here, and print its tally")
    options = parser.parse_args()
    if options.part is None:
        return long_run(
            options.kind, options.count, options.processes, options.seconds, options.first
        )
    faulthandler.enable()
    faulthandler.register(signal.SIGPROF, chain=True)  # says where it was; then the process ends
    tally = KINDS[options.kind](options.part, options.count)
    json.dump(tally.to_dict(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
