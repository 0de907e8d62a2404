"""Decides which stored objects need a derivation, and writes the jobs.

A derivation makes thumbnail, proxy and colours; `library.derivation_job` carries it out.
"""

from __future__ import annotations

from django.db import transaction

from accounts.locks import share_free_owners
from image_processor.engine import Facts
from image_processor.engine.derived import is_thumbnail
from image_processor.jobs import fair_order
from image_processor.jobs.queues import DERIVE
from image_processor.library import object_keys
from image_processor.models import Derivation, StoredObject

_COST_UNIT = 12_000_000  # pixels of a photograph whose derivation costs about one unit
_OVERHEAD = 0.2


def facts_of(stored: StoredObject) -> Facts:
    """Return the recorded facts of a stored picture. Results have fewer facts than sources."""
    return Facts.from_dict(stored.metadata)


def is_result(stored: StoredObject) -> bool:
    """Return whether a task made the object. Nothing is ever rendered from a result."""
    return stored.key.startswith(object_keys.RESULTS)


def is_needed(stored: StoredObject) -> bool:
    """Return whether an object needs a derivation.

    Sources do, also small ones, because of their colours. Results got a thumbnail from the task
    that made them, unless they are small, or made by a former release. Derived objects and objects
    without facts need none.
    """
    if stored.derived or not stored.metadata:
        return False
    has_thumbnail = stored.thumbnail_id is not None or is_thumbnail(facts_of(stored))
    return not (is_result(stored) and has_thumbnail)


def write_missing_jobs(*, most: int = 500) -> int:
    """Write the jobs for objects marked with `to_derive`; return how many.

    An upload only marks its object. Workers write the jobs before they claim one. The newest
    objects come first, because people look at them. Waits for no lock.
    """
    with transaction.atomic():
        # Objects of deleted accounts stay marked until they are removed. They must not fill the
        # selection.
        newest = StoredObject.objects.filter(to_derive=True, owner__deleted_at=None)
        newest = newest.order_by("-pk")
        found = dict(newest.values_list("pk", "owner_id")[:most])
        if not found:
            return 0
        # The jobs refer to their owners, whose locks come first in the order of locks.
        owned = share_free_owners(found.values())
        rows = newest.filter(pk__in=found, owner_id__in=owned)
        marked = list(rows.select_for_update(of=("self",), skip_locked=True))
        owners: dict[int, list[Derivation]] = {}
        for stored in filter(is_needed, marked):
            owners.setdefault(stored.owner_id, []).append(_job(stored))
        for _, jobs in sorted(owners.items()):
            fair_order.place_all(jobs)
            Derivation.objects.bulk_create(jobs, ignore_conflicts=True)
        StoredObject.objects.filter(pk__in=[stored.pk for stored in marked]).update(to_derive=False)
    return sum(map(len, owners.values()))


def _job(stored: StoredObject) -> Derivation:
    facts = facts_of(stored)
    pixels = facts.width * facts.height
    return Derivation(
        owner_id=stored.owner_id,
        stored_object=stored,
        queue=DERIVE.name,
        cost=pixels / _COST_UNIT + _OVERHEAD,
    )
