"""`python -m scripts.testing.page_build`: build the web page, unless its sources are unchanged."""

import os
import sys
import tempfile
from pathlib import Path

from scripts.local.frontend import Frontend
from scripts.local.interrupt import Interrupt
from scripts.testing.step import run_step


def build(interrupt: Interrupt) -> None:
    """Build it."""
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        Frontend(os.environ, interrupt, Path(folder) / "log").build()


if __name__ == "__main__":
    sys.exit(run_step(build))
