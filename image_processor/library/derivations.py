"""Asking for what is made of stored pictures in the background (`services.derive` makes it)."""

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
_COST_UNIT = 12_000_000  # pixels: a photograph whose derivation costs about what a thumbnail does
_OVERHEAD = 0.2


def facts_of(stored: StoredObject) -> Facts:
    """What is known of a stored picture; of results less is recorded, and they are upright."""
    return Facts.from_dict(stored.metadata)


def is_result(stored: StoredObject) -> bool:
    """Whether it is what a task made, of which nothing more is ever rendered."""
    return stored.key.startswith("results/")


def are_wanted(stored: StoredObject) -> bool:
    """Whether anything is to be made of an object.

    A small result is shown as it is; of a source the colours are always wanted. Of what is
    derived itself, or of an object that no facts are recorded of, nothing is made.
    """
    if stored.derived or not stored.metadata:
        return False
    return not (is_result(stored) and is_thumbnail(facts_of(stored)))


def ask_for_missing(*, most: int = 500) -> int:
    """Write the jobs of objects that are to be looked at; how many.

    The worker does it before it takes a job, so that an upload only says that there is something
    to do. Newest first: what was stored before the service made any of it can wait.
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
    """Remove derivations that ended before `RETENTION`."""
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
