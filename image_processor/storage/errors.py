"""What can go wrong with storage, in the words of the service."""

from __future__ import annotations

import errno

from utils.errors import DomainError


class StorageUnavailable(DomainError):
    code = "storage_unavailable"
    status = 503
    title = "The storage does not answer"
    transient = True


class StorageFull(DomainError):
    code = "storage_full"
    status = 507
    title = "The storage is full"
    transient = True


class ObjectMissing(DomainError):
    code = "object_missing"
    status = 404
    title = "The file is gone from the storage"


class ObjectChanged(DomainError):
    code = "object_changed"
    status = 409
    title = "The file was replaced in the storage"


def from_os_error(error: OSError) -> StorageFull | StorageUnavailable:
    """What a failed write to a disk means for the caller."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The disk is full; nothing was stored.")
    return StorageUnavailable("The disk cannot be written; nothing was stored.")
