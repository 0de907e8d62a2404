"""From a checked file to a stored object, for every way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import File
from django.db import transaction

from accounts.locks import share_owner
from image_processor.engine import extension
from image_processor.ingest.file_check import CheckedFile
from image_processor.library import object_keys, stored_objects
from image_processor.library.accounting import quotas
from image_processor.library.locks import lock_image
from image_processor.models import StoredObject


@contextmanager
def storing(checked: CheckedFile, *, image_id: int | None = None) -> Iterator[StoredObject]:
    """Store the bytes once, and open a transaction that holds their object.

    The block writes the rows that refer to the object; object and rows are committed together.
    When anything fails, no row stays, and the bytes that were written are removed soon. Bytes that
    the owner has already are not written again. `image_id` is an image that is locked before the
    object (see `library.locks`). Raises `QuotaExceeded`, `StorageUnavailable`, `StorageFull`,
    `AccountGone`, `ImageGone`.
    """
    if StoredObject.objects.filter(fingerprint=checked.fingerprint).exists():
        with transaction.atomic():
            _lock(checked.owner_id, image_id)
            known = stored_objects.lock(checked.fingerprint)
            if known is not None:
                yield known
                return
    quotas.require_room(checked.owner_id, checked.facts.size_bytes)  # before the bytes travel
    key = _write(checked)
    try:
        with transaction.atomic():
            _lock(checked.owner_id, image_id)
            yield stored_objects.adopt(
                checked.fingerprint, key, within_quota=True, **checked.fields
            )
    except Exception:
        stored_objects.abandon(key)
        raise


def _lock(owner_id: int, image_id: int | None) -> None:
    if image_id is None:
        share_owner(owner_id)
    else:
        lock_image(image_id, owner_id)


def _write(checked: CheckedFile) -> str:
    """Write the bytes under a new key that is unclaimed so far; the key."""
    key = object_keys.upload_key(extension(checked.facts.format))
    # With a name: a file without one is false, and botocore sends nothing of a false body.
    stored_objects.write(key, File(checked.file, name=key), checked.fields["content_type"])
    return key
