"""Uploads that go to the storage itself: only where it has an address of its own."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol, cast, runtime_checkable

from image_processor.storage import object_storage
from utils.errors import DomainError


class DirectUploadUnavailable(DomainError):
    code = "direct_upload_unavailable"
    status = 409
    title = "The storage takes no uploads itself"


class UploadForm(NamedTuple):
    """What a client sends as multipart/form-data, the file last, to `url`."""

    url: str
    fields: dict[str, str]


class Seen(NamedTuple):
    """An object as it lay in the storage at one moment; `etag` as the storage quotes it."""

    size_bytes: int
    etag: str


@runtime_checkable
class DirectStorage(Protocol):
    """What a storage offers beyond `ObjectStorage` when files may be sent to it.

    Every method raises `StorageUnavailable` when the storage does not answer.
    """

    def upload_form(
        self, key: str, *, content_type: str, size_bytes: int, until: datetime
    ) -> UploadForm:
        """A form that writes this key, with this type and exactly so many bytes, until then."""

    def look(self, key: str) -> Seen:
        """Size and ETag of an object; raises `ObjectMissing`."""

    def copy(self, source: str, key: str, *, etag: str, content_type: str) -> None:
        """Copy an object to a new key, with a type of ours, if it is still the one with this ETag.

        Raises `ObjectChanged` if it is not, `ObjectMissing`, `StorageFull`.
        """


def direct_storage() -> DirectStorage:
    """The storage, if files can be sent to it; raises `DirectUploadUnavailable`."""
    storage = object_storage()
    if not isinstance(storage, DirectStorage):
        raise DirectUploadUnavailable(
            "Files are kept on this service's own disk: send them to images/upload/."
        )
    return cast(DirectStorage, storage)
