"""`scripts/test`: the quick proof of a change, with `--all` the whole one, or pytest alone."""

import argparse
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.local import child
from scripts.local.bootstrap import PYTHON, ROOT, say
from scripts.local.data_folder import DataFolder, opened
from scripts.local.errors import StartError, StopRequested
from scripts.local.interrupt import Interrupt
from scripts.local.services import TEST_URL
from scripts.local.stack import Stack
from scripts.testing import parts
from scripts.testing.display import Display
from scripts.testing.installation import install
from scripts.testing.schedule import Schedule

MOST_LANES = 4  # each has two of Redis' databases
PYTEST = (str(PYTHON), "-m", "pytest")


@dataclass(frozen=True)
class Options:
    """What was asked for: arguments for pytest alone, or a proof in parts."""

    whole: bool
    seed: int
    pytest: Sequence[str]


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; whatever is not named here is pytest's."""
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Prove a change: every check, and the quick tests. Other arguments run pytest "
        "alone, with a real PostgreSQL and Redis: scripts/test tests/engine -k crop.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="the long tests and the mutations, too (about half an hour)",
    )
    parser.add_argument("--seed", type=int, help="the order of tests, as an earlier run printed it")
    known, others = parser.parse_known_args(arguments)
    seed = random.randrange(2**32) if known.seed is None else known.seed  # noqa: S311 - an order
    if others and known.all:
        parser.error("--all runs all tests: name no others")
    if others and known.seed is not None:
        others += [f"--randomly-seed={seed}"]
    return Options(known.all, seed, others)


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for and return the exit status."""
    options = parse(arguments)
    interrupt = Interrupt()
    interrupt.install()
    try:
        with opened(None, interrupt, prefix="test-data-") as data:
            stack = Stack(data, _given(), interrupt, public_url=TEST_URL, durable=False)
            try:
                stack.start()
                if options.pytest:
                    command = [*PYTEST, *options.pytest]
                    return child.run(command, stack.environment, ROOT, interrupt)
                return prove(options, stack, data, interrupt)
            finally:
                stack.stop()
    except StartError as error:
        say(str(error))
        return 1
    except StopRequested:
        return 130


def prove(options: Options, stack: Stack, data: DataFolder, interrupt: Interrupt) -> int:
    """Install what is missing, run all parts side by side, and return the exit status."""
    install(stack, interrupt, whole=options.whole)
    # One more than there are cores, since a part with a service waits half of the time.
    cores = os.cpu_count() or 1
    lanes = min(cores + 1, MOST_LANES)
    chosen = parts.WHOLE if options.whole else parts.QUICK
    display = Display(chosen, lanes, cores)
    print(f"Tests run in a random order; for the same one: --seed {options.seed}", flush=True)
    schedule = Schedule(
        chosen,
        stack.environment | _prepared(data),
        [*parts.pytest_options(whole=options.whole), f"--randomly-seed={options.seed}"],
        data.logs,
        display,
    )
    outcomes = schedule.run(lanes, interrupt)
    display.summary(outcomes)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def _given() -> dict[str, str]:
    """The environment, in which Python may keep compiled code.

    Tests start hundreds of processes; without it each compiles all of the project again.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _prepared(data: DataFolder) -> dict[str, str]:
    """Where the first parts leave what tests copy instead of making it again."""
    return {
        "TEST_DATABASE_TEMPLATE": "test_template",
        "TEST_PREPARED_DATA": str(data.path / "prepared"),
    }
