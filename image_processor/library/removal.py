"""Removal of unclaimed objects from the storage: as fast as it takes them, each owner in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
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
# How long the storage is not asked again for what it could not remove.
RETRY_PAUSE = timedelta(minutes=5)
# When a sweep ends, and another one goes on. A worker whose task takes very long is taken for
# hanging, and is ended.
SWEEP_SECONDS = 30

log = structlog.get_logger(__name__)

# One sweep in each worker process; the others of its threads are left for other work.
_sweeps = Slots(1)

# The first object of every owner, then the second of every owner, and so on, up to a batch. If more
# owners wait than a batch has objects, those whose objects have waited longest come first. Owners
# are found by jumps through the index, and no owner's objects are read beyond an equal share of the
# batch.
_NEXT = """
WITH RECURSIVE owners AS (
    (SELECT owner_id FROM image_processor_unclaimedobject ORDER BY owner_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT later.owner_id FROM image_processor_unclaimedobject AS later
        WHERE later.owner_id > owners.owner_id ORDER BY later.owner_id LIMIT 1
    )
    FROM owners WHERE owners.owner_id IS NOT NULL
), waiting AS (
    SELECT owners.owner_id FROM owners CROSS JOIN LATERAL (
        SELECT remove_after FROM image_processor_unclaimedobject
        WHERE owner_id = owners.owner_id AND remove_after <= statement_timestamp()
        ORDER BY remove_after LIMIT 1
    ) AS first
    ORDER BY first.remove_after LIMIT %(most)s
), turns AS (
    SELECT due.id,
        row_number() OVER (PARTITION BY waiting.owner_id ORDER BY due.remove_after) AS turn
    FROM waiting CROSS JOIN LATERAL (
        SELECT id, remove_after FROM image_processor_unclaimedobject
        WHERE owner_id = waiting.owner_id AND remove_after <= statement_timestamp()
        ORDER BY remove_after
        LIMIT (SELECT ceil(%(most)s::float8 / count(*)) FROM waiting)
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


def sweep(clock: Callable[[], float] = time.monotonic) -> int:
    """Remove the unclaimed objects that are due; return how many were removed.

    The removal of an object that the storage cannot remove is postponed. Stops when the storage
    removes nothing of a batch, and wakes another sweep when it has worked for `SWEEP_SECONDS`.
    Does nothing while another thread of this process sweeps.
    """
    removed = 0
    is_over = False
    with _sweeps.hold() as held:
        end = clock() + SWEEP_SECONDS
        while held and not is_over and (gone := _remove_batch()):
            removed += gone
            is_over = clock() >= end
    if is_over:
        _wake()  # without the slot: another thread of this process may take the message at once
    return removed


def _remove_batch() -> int:
    """Remove up to `BATCH` objects; return how many are gone."""
    with transaction.atomic():
        rows = list(UnclaimedObject.objects.raw(_NEXT, {"most": BATCH}))
        if not rows:
            return 0
        failed = _remove_from_storage([row.key for row in rows])
        if failed:
            log.warning("object.removal_failed", objects=len(failed), error=min(failed.values()))
            postponed = UnclaimedObject.objects.filter(key__in=list(failed))
            postponed.update(remove_after=Now() + RETRY_PAUSE)
        gone = [row.pk for row in rows if row.key not in failed]
        UnclaimedObject.objects.filter(pk__in=gone).delete()
    return len(gone)


def _remove_from_storage(keys: list[str]) -> dict[str, str]:
    """Remove objects; return why the others could not be removed, by their keys."""
    try:
        return object_storage().delete_all(keys)
    except StorageUnavailable as error:
        return dict.fromkeys(keys, error.detail)
