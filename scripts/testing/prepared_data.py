"""`python -m scripts.testing.prepared_data`: make a data folder as a first start leaves it.

The database has its tables, and the static files are collected. Services that start on a copy of
the folder, which the variable TEST_PREPARED_DATA names, are ready sooner.
"""

import os
import sys
from pathlib import Path

from scripts.local.data_folder import opened
from scripts.local.interrupt import Interrupt
from scripts.local.preparation import prepare
from scripts.local.services import EXPORTED, TEST_URL
from scripts.local.stack import Stack
from scripts.testing.step import run_step

VARIABLE = "TEST_PREPARED_DATA"


def prepare_data(interrupt: Interrupt) -> None:
    """Make the folder, with a database of its own."""
    given = {name: value for name, value in os.environ.items() if name not in EXPORTED}
    with opened(Path(os.environ[VARIABLE]), interrupt, prefix="") as data:
        stack = Stack(data, given, interrupt, public_url=TEST_URL)
        try:
            stack.start()
            prepare(stack)
        finally:
            stack.stop()


if __name__ == "__main__":
    sys.exit(run_step(prepare_data))
