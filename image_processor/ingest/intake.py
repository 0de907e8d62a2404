"""From bytes to a stored object: the same checks and the same counts, whichever way they came."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from django.core.files.base import File
from django.db import transaction

from image_processor import conf
from image_processor.engine import Facts, content_type, extension, inspect
from image_processor.library import objects, quotas
from image_processor.models import StoredObject

T = TypeVar("T")


@dataclass(frozen=True)
class Checked:
    """What was found out about bytes that are an acceptable picture of this owner's."""

    owner_id: int
    facts: Facts
    sha256: str

    @property
    def fingerprint(self) -> str:
        return objects.upload_fingerprint(self.owner_id, self.sha256)

    @property
    def fields(self) -> dict[str, Any]:
        """Those of its `StoredObject`."""
        return {
            "owner_id": self.owner_id,
            "size_bytes": self.facts.size_bytes,
            "content_type": content_type(self.facts.format),
            "metadata": {
                **self.facts.to_dict(),
                "sha256": self.sha256,
                "dominant_colors": None,
                "thumbhash": None,
            },
        }


def check(owner_id: int, file: BinaryIO) -> Checked:
    """Look at the bytes, decoding no pixel. Raises what `engine.inspect` raises."""
    file.seek(0)
    facts = inspect(file, conf.limits())
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return Checked(owner_id, facts, sha256)


def keep(
    checked: Checked,
    written: Callable[[], str],
    create: Callable[[StoredObject], T],
    *,
    hold: Callable[[], object],
) -> T:
    """Store the bytes once, and `create` what refers to them in the same transaction.

    `written()` writes them as unclaimed and gives the key; it is not asked when the owner has the
    same bytes already. `hold()` takes the caller's locks, those that stand before the object's
    (`services.locks`). Raises `QuotaExceeded`, `StorageUnavailable`, `StorageFull` and what these
    functions raise; then what was written is removed soon, and no row stays.
    """
    if StoredObject.objects.filter(fingerprint=checked.fingerprint).exists():
        with transaction.atomic():
            hold()
            known = objects.lock(checked.fingerprint)
            if known is not None:
                return create(known)
    quotas.require_room(checked.owner_id, checked.facts.size_bytes)  # before the bytes travel
    key = written()
    try:
        with transaction.atomic():
            hold()
            stored = objects.adopt(checked.fingerprint, key, within_quota=True, **checked.fields)
            return create(stored)
    except Exception:
        objects.abandon(key)
        raise


def write(checked: Checked, file: BinaryIO) -> str:
    """Write the bytes under a new key, which nobody has claimed yet; the key."""
    key = objects.upload_key(extension(checked.facts.format))
    # With a name: a file without one is false, and botocore sends nothing of what is false.
    objects.write(key, File(file, name=key), checked.fields["content_type"])
    return key
