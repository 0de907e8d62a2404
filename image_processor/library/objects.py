"""Stored objects: written once, shared by whoever has the same fingerprint, removed with the last.

Callers hold the owner or the source image (`services.locks`) before they lock an object here.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from image_processor.engine import engine_version
from image_processor.jobs import wakeups
from image_processor.jobs.queues import DERIVE
from image_processor.library import derivations, quotas
from image_processor.models import StoredObject, UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.errors import StorageUnavailable

# How long an object may take from its first byte to its row.
WRITE_TIME = timedelta(hours=1)
# When something is removed that the storage did not carry out as asked.
RETRY_PAUSE = timedelta(minutes=5)
# How often a place is tried for that others take and leave at the same moment.
ADOPT_TRIES = 10

log = structlog.get_logger(__name__)


def upload_fingerprint(owner_id: int, sha256: str) -> str:
    """Of bytes that an owner uploads."""
    return _digest({"owner": owner_id, "upload": sha256})


def result_fingerprint(owner_id: int, source_sha256: str, pipeline: dict[str, Any]) -> str:
    """Of what a canonical pipeline makes of a source, with this engine and its codecs."""
    return _digest(
        {
            "owner": owner_id,
            "source": source_sha256,
            "pipeline": pipeline,
            "engine": engine_version(),
        }
    )


def derived_fingerprint(fingerprint: str, kind: str) -> str:
    """Of what is made of the object of a fingerprint in the background."""
    return _digest({"derived": kind, "of": fingerprint})


def _digest(what: dict[str, Any]) -> str:
    text = json.dumps(what, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# What the keys of our objects start with; whatever else lies in a bucket is not ours.
PREFIXES = ("derived/", "incoming/", "results/", "sources/")


def incoming_key() -> str:
    """A random key that somebody may write to by a form. Nothing that is kept lies under one."""
    name = uuid.uuid4().hex
    return f"incoming/{name[:2]}/{name}"


def upload_key(extension: str) -> str:
    """A random key for a source."""
    name = uuid.uuid4().hex
    return f"sources/{name[:2]}/{name}.{extension}"


def result_key(fingerprint: str, lease_token: uuid.UUID, extension: str) -> str:
    """A key that no other attempt ever writes."""
    return f"results/{fingerprint[:2]}/{fingerprint}-{lease_token.hex}.{extension}"


def derived_key(fingerprint: str, lease_token: uuid.UUID, extension: str) -> str:
    """As `result_key`, of something derived."""
    return f"derived/{fingerprint[:2]}/{fingerprint}-{lease_token.hex}.{extension}"


def write(key: str, content: File[Any] | bytes, content_type: str) -> None:
    """Write an object that `adopt` will claim. Until then it is known as unclaimed.

    Raises `StorageUnavailable` or `StorageFull`; what may have been written is removed later.
    """
    write_by(key, lambda: object_storage().put(key, content, content_type))


def write_by(key: str, carry_out: Callable[[], None]) -> None:
    """The same for an object that `carry_out` writes in its own way."""
    row = UnclaimedObject.objects.create(key=key, remove_after=Now() + WRITE_TIME)
    try:
        carry_out()
    except Exception:
        # Not at once: a store that did not answer in time may still carry out the write.
        UnclaimedObject.objects.filter(pk=row.pk).update(remove_after=Now() + RETRY_PAUSE)
        raise


def lock(fingerprint: str) -> StoredObject | None:
    """The object of a fingerprint, locked: it cannot go before this transaction ends."""
    return StoredObject.objects.select_for_update().filter(fingerprint=fingerprint).first()


def lock_all(fingerprints: Iterable[str]) -> dict[str, StoredObject]:
    """Those of the fingerprints that are stored, each locked. One query."""
    objects = StoredObject.objects.filter(fingerprint__in=set(fingerprints)).order_by("pk")
    return {stored.fingerprint: stored for stored in objects.select_for_update()}


def adopt(fingerprint: str, key: str, *, within_quota: bool = False, **fields: Any) -> StoredObject:
    """Claim the written `key` for a fingerprint, or take the object that is there already.

    In the latter case the written one is removed soon. Only in the former do bytes count, unless
    it is `derived`, and is a thumbnail asked for; `within_quota` refuses what there is no room
    for with `QuotaExceeded`.
    """
    new = StoredObject(fingerprint=fingerprint, key=key, **fields)
    new.to_derive = derivations.are_wanted(new)
    for _ in range(ADOPT_TRIES):
        try:
            with transaction.atomic():
                new.save(force_insert=True)
            stored = new
            break
        except IntegrityError:
            existing = lock(fingerprint)
        if existing is not None:
            abandon(key)
            return existing
        # Whoever had it first has gone again in this very moment: the place is free.
    else:
        raise StorageUnavailable("The object came and went while it was claimed.")
    claimed, _ = UnclaimedObject.objects.filter(key=key).delete()
    if not claimed:
        raise StorageUnavailable("Storing took so long that the object was removed again.")
    if not stored.derived:
        quotas.add_bytes(stored.owner_id, stored.size_bytes, within_quota=within_quota)
    if stored.to_derive:
        wakeups.wake_on_commit(DERIVE.name)
    return stored


def abandon(key: str) -> None:
    """Have a written object that nobody is going to adopt removed soon."""
    UnclaimedObject.objects.filter(key=key).update(remove_after=Now())


def remove_early(key: str) -> None:
    """Remove an unclaimed object now; what its storage does not remove is removed when it is due.

    It stays known, for whoever may still write it.
    """
    try:
        object_storage().delete(key)
    except StorageUnavailable as error:
        log.warning("object_not_removed", key=key, error=error.detail)


def release(object_ids: Iterable[int]) -> None:
    """Remove those of the objects that nothing refers to any more: rows now, bytes soon.

    What was derived of them goes along.
    """
    objects = StoredObject.objects.filter(pk__in=set(object_ids)).order_by("pk")
    orphans = [
        stored
        for stored in objects.select_for_update()
        if not stored.source_images.exists() and not stored.results.exists()
    ]
    named = {pk for stored in orphans for pk in (stored.thumbnail_id, stored.proxy_id) if pk}
    derived = list(StoredObject.objects.filter(pk__in=named)) if named else []
    disown([*orphans, *derived])
    StoredObject.objects.filter(pk__in=[stored.pk for stored in (*orphans, *derived)]).delete()
    sizes: Counter[int] = Counter()
    for stored in orphans:
        sizes[stored.owner_id] += stored.size_bytes
    for owner_id, size in sizes.items():
        quotas.add_bytes(owner_id, -size)


def disown(objects: Iterable[StoredObject]) -> None:
    """Note that the keys belong to no one; they are removed once this is committed."""
    UnclaimedObject.objects.bulk_create(
        [UnclaimedObject(key=stored.key, remove_after=Now()) for stored in objects]
    )


def sweep(*, most: int = 200) -> int:
    """Remove unclaimed objects that are due; how many were removed.

    Stops at the first that the storage does not remove, and leaves that one for later.
    """
    removed = 0
    for _ in range(most):
        with transaction.atomic():
            row = (
                UnclaimedObject.objects.filter(remove_after__lte=Now())
                .order_by("remove_after")
                .select_for_update(skip_locked=True)
                .first()
            )
            if row is None:
                break
            try:
                object_storage().delete(row.key)
            except StorageUnavailable as error:
                log.warning("object_not_removed", key=row.key, error=error.detail)
                UnclaimedObject.objects.filter(pk=row.pk).update(remove_after=Now() + RETRY_PAUSE)
                break
            row.delete()
            removed += 1
    return removed
