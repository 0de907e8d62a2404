"""What can go wrong with storage, in the words of the service."""

from __future__ import annotations

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
