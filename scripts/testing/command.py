"""`scripts/test`: run every check and the quick tests; `--all`: all tests; or pytest alone."""

import argparse
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt, run_until_stopped
from scripts.local.running.services import TEST_URL
from scripts.local.running.stack import Stack
from scripts.local.servers.data_folder import DataFolder, open_data_folder
from scripts.testing import parts
from scripts.testing.display import Display
from scripts.testing.installation import install
from scripts.testing.schedule import Schedule

MAX_LANES = 4  # each lane uses two of Redis' databases
PYTEST = (str(PYTHON), "-m", "pytest")


@dataclass(frozen=True)
class Options:
    """The options of the command line. With arguments in `pytest`, only pytest runs."""

    whole: bool
    seed: int
    pytest: Sequence[str]


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line. Unknown arguments are for pytest."""
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Run every check and the quick tests. With other arguments, run pytest alone "
        "with a real PostgreSQL and Redis: scripts/test tests/engine -k crop.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also run the long tests and the mutations (about half an hour)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="repeat the order of tests of an earlier run, which printed its seed",
    )
    known, others = parser.parse_known_args(arguments)
    seed = random.randrange(2**32) if known.seed is None else known.seed  # noqa: S311 - no secret
    if others and known.all:
        parser.error("--all runs all tests: do not add arguments for pytest")
    if others and known.seed is not None:
        others += [f"--randomly-seed={seed}"]
    return Options(known.all, seed, others)


def main(arguments: Sequence[str]) -> int:
    """Run the checks and tests and return the exit status."""
    options = parse(arguments)
    return run_until_stopped(lambda interrupt: run_tests(options, interrupt))


def run_tests(options: Options, interrupt: Interrupt) -> int:
    """Start PostgreSQL and Redis, run the tests with them, and return the exit status."""
    with (
        open_data_folder(None, interrupt, prefix="test-data-") as data,
        Stack(data, _given(), interrupt, public_url=TEST_URL, durable=False) as stack,
    ):
        stack.start()
        if options.pytest:
            command = [*PYTEST, *options.pytest]
            return child.run(command, stack.environment, ROOT, interrupt)
        return run_parts(options, stack, data, interrupt)


def run_parts(options: Options, stack: Stack, data: DataFolder, interrupt: Interrupt) -> int:
    """Install missing programs, run all parts side by side, and return the exit status."""
    install(stack, interrupt, whole=options.whole)
    # Two lanes more than there are cores, because the two parts with a service wait half of the
    # time.
    cores = os.cpu_count() or 1
    lanes = min(cores + 2, MAX_LANES)
    selected = parts.WHOLE if options.whole else parts.QUICK
    display = Display(selected, lanes, cores)
    print(f"Tests run in a random order; to repeat it: --seed {options.seed}", flush=True)
    schedule = Schedule(
        selected,
        stack.environment | _prepared(data),
        [*parts.pytest_options(whole=options.whole), f"--randomly-seed={options.seed}"],
        data.logs,
        display,
    )
    outcomes = schedule.run(lanes, interrupt)
    display.show_summary(outcomes)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def _given() -> dict[str, str]:
    """Return the environment without the variable that forbids Python to keep compiled code.

    Tests start hundreds of processes, and each would compile the whole project again.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _prepared(data: DataFolder) -> dict[str, str]:
    """Return where the first parts put the database and the data folder that tests copy."""
    return {
        "TEST_DATABASE_TEMPLATE": "test_template",
        "TEST_PREPARED_DATA": str(data.path / "prepared"),
    }
