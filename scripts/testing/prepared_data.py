"""`python -m scripts.testing.prepared_data`: make a data folder as a first start leaves it.

The database has its tables, and the static files are collected. Services that start on a copy of
the folder, which the variable TEST_PREPARED_DATA names, are ready sooner.
"""

import os
import sys
from pathlib import Path

from scripts.local.data_folder import opened
from scripts.local.errors import StartError, StopRequested
from scripts.local.interrupt import Interrupt
from scripts.local.preparation import prepare
from scripts.local.services import EXPORTED, TEST_URL
from scripts.local.stack import Stack

VARIABLE = "TEST_PREPARED_DATA"


def main() -> int:
    """Make it, and return the exit status."""
    interrupt = Interrupt()
    interrupt.install()
    given = {name: value for name, value in os.environ.items() if name not in EXPORTED}
    try:
        with opened(Path(os.environ[VARIABLE]), interrupt, prefix="") as data:
            stack = Stack(data, given, interrupt, public_url=TEST_URL)
            try:
                stack.start()
                prepare(stack)
            finally:
                stack.stop()
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except StopRequested:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
