"""Where bytes lie: the local disk or S3, both private, both with links that expire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import default_storage


class Listed(NamedTuple):
    """An object as a storage lists it."""

    key: str
    size_bytes: int
    modified_at: datetime


class ObjectStorage(Protocol):
    """What the service asks of its storage; Django's storage API lies beneath it.

    Every method raises `StorageUnavailable` when the storage does not answer.
    """

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object; raises `StorageFull` too. A key is never written twice."""

    def get(self, key: str) -> bytes:
        """The bytes of an object; raises `ObjectMissing`."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """The bytes of an object, at most `CHUNK_BYTES` at a time.

        Raises `ObjectMissing` before the first; `close()` lets go of it early.
        """

    def open_local(self, key: str) -> File[Any] | None:
        """The object as a file of this machine, or None where only a link leads to it.

        Raises `ObjectMissing`.
        """

    def link(self, key: str, *, content_type: str, disposition: str) -> str:
        """An absolute link that works as it stands and expires (see `windows.LinkWindow`)."""

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is fine."""

    def has(self, key: str) -> bool:
        """Whether there is such an object."""

    def listed(self, prefix: str) -> Iterator[Listed]:
        """Every object whose key starts with `prefix` (with a slash at its end), page by page.

        In the order of the keys' bytes. What comes or goes meanwhile may be in it or not.
        """

    @property
    def origin(self) -> str | None:
        """Where links lead (scheme, host and port), or None: to this service itself."""

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless objects can be stored."""


def object_storage() -> ObjectStorage:
    """The storage that `settings.STORAGES["default"]` names."""
    return cast(ObjectStorage, default_storage)
