"""`python -m scripts.testing.page_build`: build the web page, unless its sources are unchanged."""

import os
import sys
import tempfile
from pathlib import Path

from scripts.local.installing.frontend import Frontend
from scripts.local.processes.interrupt import Interrupt, run_until_stopped


def build(interrupt: Interrupt) -> int:
    """Build the page; return the exit status."""
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        Frontend(os.environ, interrupt, Path(folder) / "log").build()
    return 0


if __name__ == "__main__":
    sys.exit(run_until_stopped(build))
