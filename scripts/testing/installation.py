"""What tests need beside the requirements: a browser, the page's packages, programs of Debian.

What cannot be installed is named, and the rest goes on: the tests that need it say so themselves.
"""

from scripts.local import child, chromium
from scripts.local.bootstrap import PYTHON, ROOT, say
from scripts.local.errors import StartError
from scripts.local.frontend import Frontend
from scripts.local.interrupt import Interrupt
from scripts.local.stack import Stack


def install(stack: Stack, interrupt: Interrupt, *, whole: bool) -> None:
    """Install what is missing; for the whole proof also what only long tests need.

    Raises:
        StopRequested: The person wants to stop.
    """
    try:
        chromium.install(stack.environment, interrupt, stack.log("chromium"))
    except StartError as error:
        say(str(error))
    try:
        Frontend(stack.environment, interrupt, stack.log("page")).install()
    except StartError as error:
        say(str(error))
    if whole:
        packages = [str(PYTHON), "-m", "tests.servers.install_packages"]
        log = stack.log("debian")
        if child.run(packages, stack.environment, ROOT, interrupt, output=log):
            say(f"Debian's packages could not be installed:\n{log.read_text(errors='replace')}")
