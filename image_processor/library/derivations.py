"""Requests for thumbnails, proxies and colours, which `library.derive` makes in the background."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from image_processor.engine import Facts
from image_processor.engine.derived import is_thumbnail
from image_processor.jobs import fair
from image_processor.jobs.queues import DERIVE
from image_processor.models import Derivation, StoredObject

RETENTION = timedelta(days=7)
_COST_UNIT = 12_000_000  # pixels of a photograph whose derivation costs about one unit
_OVERHEAD = 0.2


def facts_of(stored: StoredObject) -> Facts:
    """Facts about a stored picture. For results fewer are recorded, and they are upright."""
    return Facts.from_dict(stored.metadata)


def is_result(stored: StoredObject) -> bool:
    """Whether a task made the object; nothing is ever rendered from a result."""
    return stored.key.startswith("results/")


def are_wanted(stored: StoredObject) -> bool:
    """Whether anything is to be derived from an object.

    A small result is its own thumbnail; a source always needs its colours. Nothing is derived from
    derived objects, and from objects without recorded facts.
    """
    if stored.derived or not stored.metadata:
        return False
    return not (is_result(stored) and is_thumbnail(facts_of(stored)))


def ask_for_missing(*, most: int = 500) -> int:
    """Write the missing derivation jobs; how many.

    An upload only marks its object. The worker writes the jobs before it claims one, and begins
    with the newest objects, which people are looking at.
    """
    with transaction.atomic():
        rows = StoredObject.objects.filter(to_derive=True).order_by("-pk")
        found = list(rows.select_for_update(skip_locked=True)[:most])
        if not found:
            return 0
        owners: dict[int, list[Derivation]] = {}
        for stored in filter(are_wanted, found):
            owners.setdefault(stored.owner_id, []).append(_job(stored))
        for _, jobs in sorted(owners.items()):
            fair.place_all(jobs)
            Derivation.objects.bulk_create(jobs, ignore_conflicts=True)
        StoredObject.objects.filter(pk__in=[stored.pk for stored in found]).update(to_derive=False)
    return sum(map(len, owners.values()))


def forget_old() -> int:
    """Delete derivations that finished longer ago than `RETENTION`."""
    return Derivation.objects.filter(finished_at__lt=Now() - RETENTION).delete()[0]


def _job(stored: StoredObject) -> Derivation:
    facts = facts_of(stored)
    pixels = facts.width * facts.height
    return Derivation(
        owner_id=stored.owner_id,
        stored_object=stored,
        queue=DERIVE.name,
        cost=pixels / _COST_UNIT + _OVERHEAD,
    )
