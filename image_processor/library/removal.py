"""Removal of unclaimed objects from the storage: as fast as it takes them, each owner in turn."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Now

from image_processor.models import UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.errors import StorageUnavailable
from utils import messages
from utils.slots import Slots

# Objects per transaction, and per request to S3.
BATCH = 1_000
# How long removal waits after the storage failed.
RETRY_PAUSE = timedelta(minutes=5)

log = structlog.get_logger(__name__)

# One sweep in each worker process; the others of its threads are left for other work.
_sweeps = Slots(1)

# The first object of every owner, then the second of every owner, and so on. Owners are found by
# jumps through the index, so that one with a million objects costs no more than one with few.
_NEXT = """
WITH RECURSIVE owners AS (
    (SELECT owner_id FROM image_processor_unclaimedobject ORDER BY owner_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT later.owner_id FROM image_processor_unclaimedobject AS later
        WHERE later.owner_id > owners.owner_id ORDER BY later.owner_id LIMIT 1
    )
    FROM owners WHERE owners.owner_id IS NOT NULL
), turns AS (
    SELECT due.id,
        row_number() OVER (PARTITION BY owners.owner_id ORDER BY due.remove_after) AS turn
    FROM owners CROSS JOIN LATERAL (
        SELECT id, remove_after FROM image_processor_unclaimedobject
        WHERE owner_id = owners.owner_id AND remove_after <= statement_timestamp()
        ORDER BY remove_after LIMIT %(most)s
    ) AS due
)
SELECT * FROM image_processor_unclaimedobject
WHERE id IN (SELECT id FROM turns ORDER BY turn, id LIMIT %(most)s)
FOR UPDATE SKIP LOCKED
"""


def wake_on_commit() -> None:
    """Let a worker sweep once the current transaction is committed; the scheduler does so, too."""
    transaction.on_commit(_wake)


def _wake() -> None:
    messages.send("image_processor.tasks.sweep", "system")


def sweep(*, seconds: float = 30) -> int:
    """Remove the unclaimed objects that are due; return how many were removed.

    The removal of an object that the storage cannot remove is postponed. Stops when the storage
    does not answer. Does nothing while another thread of this process sweeps. After `seconds` it
    leaves the rest to another message, so that a long removal does not look like a thread that
    hangs.
    """
    removed = 0
    deadline = time.monotonic() + seconds
    with _sweeps.hold() as held:
        more = held
        while more:
            count, more = _remove_batch()
            removed += count
            if time.monotonic() >= deadline:
                break
    if more:
        _wake()
    return removed


def _remove_batch() -> tuple[int, bool]:
    """Remove up to `BATCH` objects; return how many, and whether there may be more to remove."""
    with transaction.atomic():
        rows = list(UnclaimedObject.objects.raw(_NEXT, {"most": BATCH}))
        if not rows:
            return 0, False
        try:
            failed = object_storage().delete_all([row.key for row in rows])
            answers = True
        except StorageUnavailable as error:
            log.warning("object.removal_failed", objects=len(rows), error=error.detail)
            failed = {row.key for row in rows}
            answers = False
        if failed:
            UnclaimedObject.objects.filter(key__in=failed).update(remove_after=Now() + RETRY_PAUSE)
        gone = [row.pk for row in rows if row.key not in failed]
        UnclaimedObject.objects.filter(pk__in=gone).delete()
    return len(gone), answers and len(rows) == BATCH
