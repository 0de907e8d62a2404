"""The job type of deletions: removes rows in turns, and never gives up."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
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

# Transactions of one turn. Afterwards the deletion queues again behind those of other owners.
STEPS = 20
# How long a deletion waits after an error, and after its worker has died in every attempt.
PAUSE_SECONDS = 30
LONG_PAUSE = timedelta(hours=1)


class DeletionJobType(JobType[Deletion]):
    """Deletions: each removes an image, or an account, which the owner sees no more.

    A turn that ends forgets the attempts of earlier turns. An error or a dead worker only delays a
    deletion: what somebody has deleted must not stay.
    """

    model = Deletion
    queues = (DELETIONS,)
    gone = (AccountGone,)
    kept = timedelta(days=1)  # so that clients can read how a deletion ended
    slots = Slots(DELETIONS.wakeups)

    def run(self, deletion: Deletion, lease: Lease) -> None:
        if deletion.image_id is None:
            steps = account_rows.remove(deletion.owner_id)
        else:
            steps = image_rows.remove(deletion)
        removed = deletion.tasks_removed
        for step, count in enumerate(steps, start=1):
            removed += count
            lease.checkpoint(min(1, removed / deletion.tasks) if deletion.tasks else 0)
            if step == STEPS:
                self._begin_next_turn(deletion)
                return

    def ending(self, deletion: Deletion, error: Exception) -> Ending:
        known = super().ending(deletion, error)
        pause = {"seconds": PAUSE_SECONDS}
        return Ending(transitions.put_off, known.code, known.message, pause)

    def after_ending(self, deletion: Deletion, error: Exception | None) -> None:
        if deletion.status == Status.FAILED:
            Deletion.objects.filter(pk=deletion.pk).update(
                status=Status.PENDING,
                attempts=0,
                excused=0,
                available_at=Now() + LONG_PAUSE,
                finished_at=None,
            )

    def _begin_next_turn(self, deletion: Deletion) -> None:
        no_attempts = F("excused") + 1  # as many as are excused
        if not transitions.put_off(
            deletion, "", "", seconds=0, new_place=True, attempts=no_attempts
        ):
            raise LeaseLost
