"""The verdict on a mutation after its tests have run."""

from __future__ import annotations

from enum import StrEnum

from tests.mutations.checkout_copy import CheckoutCopy, Run
from tests.mutations.mutation import Mutation

# Much longer than the tests of one mutation take on a busy machine.
HUNG_SECONDS = 120.0


class Verdict(StrEnum):
    """`BROKEN`: the entry proves nothing, because its text or its tests do not exist."""

    KILLED = "killed"
    HUNG = "killed: hung"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"

    @property
    def is_good(self) -> bool:
        return self in (Verdict.KILLED, Verdict.HUNG)


def judge(run: Run) -> Verdict:
    """Judge by pytest's exit status: 0 passed, 1 failed, others could not run the tests.

    With status 1 and no failed test, the changed code could not be imported.
    """
    if run.status is None:
        return Verdict.HUNG
    if run.status == 0:
        return Verdict.SURVIVED
    return Verdict.KILLED if run.status == 1 and run.red else Verdict.BROKEN


def try_out(
    mutation: Mutation, copy: CheckoutCopy, *, seconds: float = HUNG_SECONDS
) -> tuple[Verdict, Run]:
    """Apply the mutation, run the tests that must fail on it, and undo the mutation."""
    try:
        with copy.changed(mutation):
            run = copy.run(mutation.killed_by, seconds=seconds)
    except (ValueError, OSError) as error:
        return Verdict.BROKEN, Run(None, str(error), 0)
    return judge(run), run
