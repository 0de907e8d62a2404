"""Storing a checked file, whether it was uploaded or imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import File
from django.db import transaction

from accounts.locks import share_owner
from image_processor.engine import extension
from image_processor.ingest.file_check import CheckedFile
from image_processor.library import object_keys, stored_objects, unreadable_images
from image_processor.library.accounting import quotas
from image_processor.library.locks import lock_image
from image_processor.models import ImageImport, StoredObject


@contextmanager
def storing(checked: CheckedFile, *, image_id: int | None = None) -> Iterator[StoredObject]:
    """Store the bytes, and yield their object inside a transaction that has locked it.

    The block writes the rows that refer to the object; object and rows are committed together.
    If anything fails, no row stays, and the written bytes are removed soon. Bytes that the owner
    has stored already are not written again. If `image_id` is given, that image and its import are
    locked before the object (see `library.locks`). Raises `QuotaExceeded`, `StorageUnavailable`,
    `StorageFull`, `AccountGone`, `ImageGone`, and `InvalidImage` or `UnsupportedFormat` if an image
    with these bytes has failed.
    """
    if StoredObject.objects.filter(fingerprint=checked.fingerprint).exists():
        with transaction.atomic():
            _lock(checked.owner_id, image_id)
            known = stored_objects.lock(checked.fingerprint)
            if known is not None:
                unreadable_images.refuse_unreadable(known)
                yield known
                return
    # Before sending any bytes. An image that is given counts already.
    new_images = 1 if image_id is None else 0
    quotas.require_room(checked.owner_id, checked.facts.size_bytes, images=new_images)
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
        # Its import, which ends with the caller's transaction, comes before the object.
        ImageImport.objects.select_for_update(no_key=True).filter(image_id=image_id).first()


def _write(checked: CheckedFile) -> str:
    """Write the bytes under a new key, which is unclaimed until it is adopted; return the key."""
    key = object_keys.upload_key(extension(checked.facts.format))
    # A File without a name is falsy, and botocore sends an empty body in place of a falsy one.
    stored_objects.write(key, File(checked.file, name=key), checked.fields["content_type"])
    return key
