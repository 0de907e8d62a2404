"""`python -m scripts.testing.page_build`: build the web page, unless it is what its sources say."""

import os
import sys
import tempfile
from pathlib import Path

from scripts.local.errors import StartError, StopRequested
from scripts.local.frontend import Frontend
from scripts.local.interrupt import Interrupt


def main() -> int:
    """Build it, and return the exit status."""
    interrupt = Interrupt()
    interrupt.install()
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        try:
            Frontend(os.environ, interrupt, Path(folder) / "log").build()
        except StartError as error:
            print(error)
            return 1
        except StopRequested:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
