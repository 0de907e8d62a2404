"""The local disk behind Django's storage API: private, handed out by links that we sign."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.core.signing import BadSignature, Signer

from image_processor.storage.errors import ObjectMissing, StorageFull, StorageUnavailable
from image_processor.storage.windows import LinkWindow

_signer = Signer(salt="image_processor.files")


@dataclass(frozen=True, slots=True)
class FileLink:
    """What a link of the local storage says; `expires` is a Unix time in seconds."""

    key: str
    content_type: str
    disposition: str
    expires: int

    def token(self) -> str:
        fields = [self.key, self.content_type, self.disposition, self.expires]
        return _signer.sign_object(fields)

    @classmethod
    def read(cls, token: str) -> FileLink:
        """Raises `BadSignature` for anything that we did not sign."""
        try:
            return cls(*_signer.unsign_object(token))
        except BadSignature:
            raise
        except Exception as error:
            raise BadSignature("not a link of ours") from error


class PrivateFileStorage(FileSystemStorage):
    """Files under `MEDIA_ROOT`; no web server serves that folder, only signed links do."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object. Keys are used once, so nothing is looked for or overwritten."""
        file = ContentFile(content) if isinstance(content, bytes) else content
        try:
            super()._save(key, file)  # type: ignore[misc]
        except OSError as error:
            self._remove_quietly(key)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull("The disk is full; nothing was stored.") from error
            raise StorageUnavailable("The disk cannot be written; nothing was stored.") from error

    def get(self, key: str) -> bytes:
        """The bytes of an object."""
        try:
            return Path(self.path(key)).read_bytes()
        except FileNotFoundError as error:
            raise ObjectMissing("The file is gone from the storage.") from error
        except OSError as error:
            raise StorageUnavailable("The disk cannot be read.") from error

    def open_local(self, key: str) -> File[Any] | None:
        """The object as an open file."""
        try:
            return self.open(key)
        except FileNotFoundError as error:
            raise ObjectMissing("The file is gone from the storage.") from error

    def link(self, key: str, *, content_type: str, disposition: str) -> str:
        """A link to the bytes that expires with the current window."""
        link = FileLink(key, content_type, disposition, LinkWindow.current().end)
        return f"{settings.PUBLIC_URL}/files/{link.token()}"

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless objects can be stored."""
        folder = Path(self.location)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".probe"
            probe.touch()
        except OSError as error:
            raise StorageUnavailable(f"{folder} cannot be written.") from error

    def _remove_quietly(self, key: str) -> None:
        try:
            self.delete(key)
        except OSError:
            return  # the key stays unclaimed, and is removed later
