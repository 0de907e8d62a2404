"""What a run of tests says of a mutation."""

from __future__ import annotations

from enum import StrEnum

from tests.mutations.checkout_copy import CheckoutCopy, Run
from tests.mutations.mutation import Mutation

# Far more than the tests of one mutation take on a busy machine.
HUNG_SECONDS = 120.0


class Verdict(StrEnum):
    """`BROKEN`: the entry says nothing, since its change or its tests are not there."""

    KILLED = "killed"
    HUNG = "killed: hung"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"

    @property
    def is_good(self) -> bool:
        return self in (Verdict.KILLED, Verdict.HUNG)


def judge(run: Run) -> Verdict:
    """By pytest's exit status: 0 is green, 1 is red, others say that it could not run the tests.

    Status 1 without a red test: the changed code cannot even be imported.
    """
    if run.status is None:
        return Verdict.HUNG
    if run.status == 0:
        return Verdict.SURVIVED
    return Verdict.KILLED if run.status == 1 and run.red else Verdict.BROKEN


def try_out(
    mutation: Mutation, copy: CheckoutCopy, *, seconds: float = HUNG_SECONDS
) -> tuple[Verdict, Run]:
    """Make the change, run the tests that are to fail on it, and take the change back."""
    try:
        with copy.changed(mutation):
            run = copy.run(mutation.killed_by, seconds=seconds)
    except (ValueError, OSError) as error:
        return Verdict.BROKEN, Run(None, str(error), 0)
    return judge(run), run
