"""`python -m scripts.testing.prepared_data`: prepare a data folder as a first start would.

The database gets its tables, and the static files are collected. The variable TEST_PREPARED_DATA
names the folder. A service that starts on a copy of it is ready sooner.
"""

import os
import sys
from pathlib import Path

from scripts.local.processes.interrupt import Interrupt, run_until_stopped
from scripts.local.running.preparation import prepare
from scripts.local.running.services import EXPORTED, TEST_URL
from scripts.local.running.stack import Stack
from scripts.local.servers.data_folder import open_data_folder

VARIABLE = "TEST_PREPARED_DATA"


def prepare_data(interrupt: Interrupt) -> int:
    """Make the folder with an embedded database of its own; return the exit status."""
    environment = {name: value for name, value in os.environ.items() if name not in EXPORTED}
    with (
        open_data_folder(Path(os.environ[VARIABLE]), interrupt) as data,
        Stack(data, environment, interrupt, public_url=TEST_URL) as stack,
    ):
        stack.start()
        prepare(stack)
    return 0


if __name__ == "__main__":
    sys.exit(run_until_stopped(prepare_data))
