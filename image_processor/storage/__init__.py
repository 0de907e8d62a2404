"""Object storage: the local disk or S3, both private, both with links that expire."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import default_storage

from image_processor.storage.link_window import LinkWindow

CHUNK_BYTES = 256 * 1024  # how much of a streamed object is in memory at a time


class ListedObject(NamedTuple):
    """An object as a storage lists it."""

    key: str
    size_bytes: int
    modified_at: datetime


class ObjectStorage(Protocol):
    """The operations that the service needs from a storage, on top of Django's storage API.

    Every method raises `StorageUnavailable` when the storage does not answer.
    """

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object. A key is never written twice. Raises `StorageFull` as well."""

    def get(self, key: str) -> bytes:
        """Return the bytes of an object. Raises `ObjectMissing`."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """Return an iterator over the bytes of an object, at most `CHUNK_BYTES` at a time.

        Raises `ObjectMissing` at the call, before the first chunk. `close()` ends it early.
        """

    def open_local(self, key: str) -> File[Any] | None:
        """Open an object as a file on this machine; None if the storage is remote.

        Raises `ObjectMissing`.
        """

    def link(
        self,
        key: str,
        *,
        content_type: str,
        disposition: str,
        picture: str = "",
        window: LinkWindow | None = None,
    ) -> str:
        """Return an absolute link that needs no login and expires with its window.

        The default is the current window of links to pictures. A storage whose links lead to this
        service itself puts `picture` into the link, so that the service can refuse it when the
        picture is deleted.
        """

    def delete(self, name: str) -> None:
        """Remove an object. Does nothing if the object does not exist."""

    def delete_all(self, keys: Collection[str]) -> dict[str, str]:
        """Remove objects; return why the others could not be removed, by their keys.

        An object that does not exist counts as removed.
        """

    def has(self, key: str) -> bool:
        """Return whether the object exists."""

    def list_objects(self, prefix: str) -> Iterator[ListedObject]:
        """List every object whose key starts with `prefix`, which ends with a slash.

        Objects come in the byte order of their keys. Objects written or removed during the
        listing may be in it or not.
        """

    @property
    def origin(self) -> str | None:
        """The scheme, host and port of links; None if links lead to this service itself."""

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless objects can be stored."""


def object_storage() -> ObjectStorage:
    """Return the storage that `settings.STORAGES["default"]` names."""
    return cast(ObjectStorage, default_storage)
