"""Direct uploads: clients send files to the storage itself, if the storage is S3."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol, cast, runtime_checkable

from image_processor.storage import object_storage
from utils.errors import DomainError


class DirectUploadUnavailable(DomainError):
    code = "direct_upload_unavailable"
    status = 409
    title = "Direct uploads unavailable"


class UploadForm(NamedTuple):
    """A form that a client sends to `url` as multipart/form-data: `fields`, then the file."""

    url: str
    fields: dict[str, str]


class ObjectVersion(NamedTuple):
    """The size and the ETag (quoted, as the storage sends it) of one version of an object."""

    size_bytes: int
    etag: str


@runtime_checkable
class DirectStorage(Protocol):
    """The operations beyond `ObjectStorage` of a storage that accepts direct uploads.

    Every method raises `StorageUnavailable` when the storage does not answer.
    """

    def sign_upload_form(
        self, key: str, *, content_type: str, size_bytes: int, until: datetime
    ) -> UploadForm:
        """Return a form that writes one object of this key, type and exact size until `until`."""

    def stat(self, key: str) -> ObjectVersion:
        """Return the present version of an object. Raises `ObjectMissing`."""

    def copy(self, source: str, key: str, *, etag: str, content_type: str) -> None:
        """Copy the object `source`, if it still has this ETag, to a new key with this type.

        Raises `ObjectChanged` if the ETag differs, `ObjectMissing`, `StorageFull`.
        """


def direct_storage() -> DirectStorage:
    """Return the storage if it accepts direct uploads; raise `DirectUploadUnavailable` if not."""
    storage = object_storage()
    if not isinstance(storage, DirectStorage):
        raise DirectUploadUnavailable(
            "This service keeps files on its own disk: send them to images/upload/."
        )
    return cast(DirectStorage, storage)
