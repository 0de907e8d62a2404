"""Stored objects: written once, shared by equal fingerprints, removed with the last reference.

Callers lock the owner or the source image (`library.locks`) before they lock an object here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.core.files.base import File
from django.db.models import Q
from django.db.models.functions import Now

from accounts.locks import require_transaction
from image_processor.jobs import wakeups
from image_processor.jobs.queues import DERIVE
from image_processor.library import derivation_requests, object_rows, removal
from image_processor.library.accounting import quotas
from image_processor.models import StoredObject, UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.errors import StorageUnavailable
from utils.prepared_query import PreparedQuery

# How long an object may take from its first byte to its row.
WRITE_TIME = timedelta(hours=1)
# How often `adopt` tries while others create and delete an object with the same fingerprint.
ADOPT_TRIES = 10

_LOCKED = PreparedQuery(
    lambda fingerprint: StoredObject.objects.select_for_update().filter(fingerprint=fingerprint),
    ["fingerprint"],
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object to write and then to adopt. `fields` are further ones of its `StoredObject`."""

    fingerprint: str
    key: str
    data: bytes
    content_type: str
    fields: dict[str, Any] = field(default_factory=dict)

    def adopt(self, **more: Any) -> StoredObject:
        """Adopt the written object, with `more` fields; see `adopt`."""
        return adopt(
            self.fingerprint,
            self.key,
            size_bytes=len(self.data),
            content_type=self.content_type,
            **(self.fields | more),
        )


def write(key: str, content: File[Any] | bytes, content_type: str) -> None:
    """Write an object that `adopt` will claim. Raises `StorageUnavailable`, `StorageFull`."""
    with writing(key):
        object_storage().put(key, content, content_type)


def write_all(objects: Sequence[NewObject]) -> None:
    """Write objects that will be adopted together. Raises what `write` raises."""
    with writing(*(new.key for new in objects)):
        for new in objects:
            object_storage().put(new.key, new.data, new.content_type)


@contextmanager
def writing(*keys: str) -> Iterator[None]:
    """Record the keys as unclaimed before the block writes their objects. One query.

    When the block fails, the objects that may have been written are removed later.
    """
    due: Any = Now() + WRITE_TIME
    UnclaimedObject.objects.bulk_create(UnclaimedObject(key=key, remove_after=due) for key in keys)
    try:
        yield
    except Exception:
        # Not at once: a store that did not answer in time may still carry out the write.
        later = Now() + removal.RETRY_PAUSE
        UnclaimedObject.objects.filter(key__in=keys).update(remove_after=later)
        raise


def exists(fingerprint: str) -> bool:
    """Return whether there is an object of this fingerprint at this moment. Locks nothing."""
    return StoredObject.objects.filter(fingerprint=fingerprint).exists()


def lock(fingerprint: str) -> StoredObject | None:
    """Lock and return the object of a fingerprint, which then stays until the transaction ends."""
    require_transaction()
    return _LOCKED.first(fingerprint)


def lock_all(fingerprints: Iterable[str]) -> dict[str, StoredObject]:
    """Lock the stored objects of these fingerprints; return them by fingerprint. One query."""
    objects = StoredObject.objects.filter(fingerprint__in=set(fingerprints)).order_by("pk")
    return {stored.fingerprint: stored for stored in objects.select_for_update()}


def adopt(fingerprint: str, key: str, *, within_quota: bool = False, **fields: Any) -> StoredObject:
    """Claim the written `key` for a fingerprint, or return the object that has the fingerprint.

    If the fingerprint has an object already, the written one is removed soon. Otherwise the bytes
    are counted, unless the object is `derived`, and a derivation is requested if it needs one. With
    `within_quota`, raises `QuotaExceeded` if there is no room for the bytes. Raises
    `StorageUnavailable` if the written object was removed again.
    """
    new = StoredObject(fingerprint=fingerprint, key=key, **fields)
    new.to_derive = derivation_requests.is_needed(new)
    for _ in range(ADOPT_TRIES):
        if object_rows.insert(new):
            break
        existing = lock(fingerprint)
        if existing is not None:
            abandon(key)
            return existing
        # The object that had the fingerprint was deleted meanwhile: try again.
    else:
        raise StorageUnavailable("The object was created and deleted again while it was claimed.")
    if not new.derived:
        quotas.add_stored(new.owner_id, new.size_bytes, within_quota=within_quota)
    if new.to_derive:
        wakeups.wake_on_commit(DERIVE.name)
    return new


def abandon(*keys: str) -> None:
    """Let the next sweep remove written objects that were not adopted."""
    UnclaimedObject.objects.filter(key__in=keys).update(remove_after=Now())


def remove_early(key: str) -> None:
    """Remove an unclaimed object now, or when it is due if the storage fails.

    The key stays unclaimed, because a client may still write to it.
    """
    try:
        object_storage().delete(key)
    except StorageUnavailable as error:
        log.warning("object.removal_failed", key=key, error=error.detail)


def release(
    owner_id: int, object_ids: Iterable[int], *, images: int = 0, text_bytes: int = 0
) -> None:
    """Remove the objects of an owner that nothing refers to any more: rows now, bytes soon.

    The thumbnails and proxies of these objects go with them. `images` and `text_bytes` are those of
    the rows that referred to the objects; the caller has deleted them, and they stop counting, too.
    """
    ids = set(object_ids)
    named = StoredObject.objects.filter(pk__in=ids)
    # Thumbnails come before their results in the order of ids.
    related = Q(pk__in=named.values("thumbnail")) | Q(pk__in=named.values("proxy"))
    objects = StoredObject.objects.filter(Q(pk__in=ids) | related)
    locked = ids.intersection(
        objects.order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    unused = StoredObject.objects.filter(pk__in=locked, source_images=None, results=None)
    orphans = list(unused)
    derived_ids = {pk for stored in orphans for pk in (stored.thumbnail_id, stored.proxy_id) if pk}
    derived = list(StoredObject.objects.filter(pk__in=derived_ids)) if derived_ids else []
    disown([*orphans, *derived])
    StoredObject.objects.filter(pk__in=[stored.pk for stored in (*orphans, *derived)]).delete()
    size = sum(stored.size_bytes for stored in orphans) + text_bytes
    if size or images:
        quotas.add_stored(owner_id, -size, images=-images)


def disown(objects: Iterable[StoredObject]) -> None:
    """Record the keys as unclaimed; their objects are removed after the commit."""
    rows = [
        UnclaimedObject(key=stored.key, owner_id=stored.owner_id, remove_after=Now())
        for stored in objects
    ]
    if rows:
        UnclaimedObject.objects.bulk_create(rows)
        removal.wake_on_commit()
