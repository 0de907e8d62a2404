"""The job type of deletions: removes rows in turns, and never gives up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.db.models.functions import Now

from accounts.locks import AccountGone
from image_processor.jobs import transitions
from image_processor.jobs.endings import Ending
from image_processor.jobs.job_type import JobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from image_processor.jobs.queues import DELETIONS
from image_processor.library.deletion import account_rows, image_rows
from image_processor.models import Deletion
from utils.slots import Slots

# When a turn ends, the deletion queues again behind those of other owners: after so many
# transactions, or so many seconds. A worker whose job takes much longer is taken for hanging.
STEPS = 20
TURN_SECONDS = 30
# How long a deletion waits after its first error, and at most. The longest pause also follows when
# its worker has died in every attempt.
PAUSE = timedelta(seconds=30)
LONG_PAUSE = timedelta(hours=1)
# A deletion may try for years, and the columns of the attempts hold small numbers.
NO_ATTEMPTS = {"attempts": 0, "excused": 0}


class DeletionJobType(JobType[Deletion]):
    """Deletions: each removes an image, or an account, which the owner sees no more.

    An error or a dead worker only delays a deletion: what somebody has deleted must not stay. The
    pauses grow until a turn ends without an error.
    """

    model = Deletion
    queues = (DELETIONS,)
    gone = (AccountGone,)
    kept = timedelta(days=1)  # so that clients can read how a deletion ended
    slots = Slots(DELETIONS.wakeups)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock

    def run(self, deletion: Deletion, lease: Lease) -> None:
        if deletion.image_id is None:
            steps = account_rows.remove(deletion.owner_id)
        else:
            steps = image_rows.remove(deletion)
        removed = deletion.tasks_removed
        end = self._clock() + TURN_SECONDS
        for step, count in enumerate(steps, start=1):
            removed += count
            lease.checkpoint(min(1, removed / deletion.tasks) if deletion.tasks else 0)
            if step == STEPS or self._clock() >= end:
                self._begin_next_turn(deletion)
                return

    def ending(self, deletion: Deletion, error: Exception) -> Ending:
        pause = transitions.growing_pause(
            deletion, least=PAUSE.total_seconds(), most=LONG_PAUSE.total_seconds()
        )
        return replace(
            super().ending(deletion, error),
            transition=transitions.put_off,
            arguments={"seconds": pause, **NO_ATTEMPTS},
        )

    def after_ending(self, deletion: Deletion, error: Exception | None) -> None:
        if deletion.status == Status.FAILED:
            Deletion.objects.filter(pk=deletion.pk).update(
                status=Status.PENDING,
                **NO_ATTEMPTS,
                available_at=Now() + LONG_PAUSE,
                finished_at=None,
            )

    def _begin_next_turn(self, deletion: Deletion) -> None:
        queued = {"queued_at": Now(), **NO_ATTEMPTS}
        if not transitions.put_off(deletion, "", "", seconds=0, new_place=True, **queued):
            raise LeaseLost
