"""Install what tests need beyond the requirements: a browser, npm packages, Debian packages.

A failed installation is reported and does not stop the run: the tests that need it fail by name.
"""

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.installing import chromium
from scripts.local.installing.frontend import Frontend
from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt
from scripts.local.running.stack import Stack
from scripts.local.terminal import StartError, say


def install(stack: Stack, interrupt: Interrupt, *, whole: bool) -> None:
    """Install what is missing; with `whole`, also what only long tests need.

    Raises:
        StopRequested: A signal arrived.
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
        command = [str(PYTHON), "-m", "tests.servers.install_packages"]
        log = stack.log("debian")
        if child.run(command, stack.environment, ROOT, interrupt, output=log):
            say(f"Debian packages could not be installed:\n{log.read_text(errors='replace')}")
