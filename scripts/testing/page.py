"""`python -m scripts.testing.page packages|browser|build`: what tests of the web page need."""

import os
import sys
import tempfile
from pathlib import Path

from scripts.local import chromium
from scripts.local.bootstrap import say
from scripts.local.errors import StartError, StopRequested
from scripts.local.frontend import Frontend
from scripts.local.interrupt import Interrupt


def main(step: str) -> int:
    """Make it, and return the exit status."""
    interrupt = Interrupt()
    interrupt.install()
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        log = Path(folder) / "log"
        frontend = Frontend(os.environ, interrupt, log)
        try:
            match step:
                case "packages":
                    frontend.install()
                case "browser":
                    chromium.install(os.environ, interrupt, log)
                case "build":
                    frontend.build()
                case _:
                    raise StartError(f"There is no step {step}.")
        except StartError as error:
            say(str(error))
            return 1
        except StopRequested:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
