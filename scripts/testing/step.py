"""A part whose work is code of these scripts: how it begins, and the status that it ends with."""

from collections.abc import Callable

from scripts.local.errors import StartError, StopRequested
from scripts.local.interrupt import Interrupt


def run_step(work: Callable[[Interrupt], object]) -> int:
    """Do the work and return the exit status; say why it could not be done."""
    interrupt = Interrupt()
    interrupt.install()
    try:
        work(interrupt)
    except StartError as error:
        print(error)
        return 1
    except StopRequested:
        return 130
    return 0
