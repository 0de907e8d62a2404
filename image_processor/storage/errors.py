"""Errors of the storage, and the translation of the operating system's errors into them."""

from __future__ import annotations

import errno

from utils.errors import DomainError


class StorageUnavailable(DomainError):
    code = "storage_unavailable"
    status = 503
    title = "Storage unavailable"
    transient = True


class StorageFull(DomainError):
    code = "storage_full"
    status = 507
    title = "Storage full"
    transient = True


class ObjectMissing(DomainError):
    code = "object_missing"
    status = 404
    title = "File missing"


class ObjectChanged(DomainError):
    code = "object_changed"
    status = 409
    title = "File replaced"


def translate_os_error(error: OSError) -> StorageFull | StorageUnavailable:
    """Return the storage error for a failed write to a disk."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The disk is full; nothing was stored.")
    return StorageUnavailable("The disk cannot be written; nothing was stored.")
