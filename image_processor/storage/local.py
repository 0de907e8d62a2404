"""The local disk behind Django's storage API: private, handed out by links that we sign."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.core.signing import BadSignature, Signer

from image_processor.storage import Listed
from image_processor.storage.chunks import CHUNK_BYTES
from image_processor.storage.errors import ObjectMissing, StorageUnavailable, from_os_error
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
        """Compressed, since web servers refuse addresses of more than 4094 bytes."""
        fields = [self.key, self.content_type, self.disposition, self.expires]
        return _signer.sign_object(fields, compress=True)

    @classmethod
    def read(cls, token: str) -> FileLink:
        """Raises `BadSignature` for anything that we did not sign."""
        match _signer.unsign_object(token):
            case [str(key), str(content_type), str(disposition), int(expires)]:
                return cls(key, content_type, disposition, expires)
        raise BadSignature("This was signed by us, but is no link.")


class PrivateFileStorage(FileSystemStorage):
    """Files under `MEDIA_ROOT`; no web server serves that folder, only signed links do."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object; raises `StorageUnavailable` for a key that is taken."""
        file = ContentFile(content) if isinstance(content, bytes) else content
        try:
            self._write(key, file)
        except FileExistsError as error:
            raise StorageUnavailable(f"There is a file under {key} already.") from error
        except OSError as error:
            with suppress(StorageUnavailable):  # what stays is unclaimed, and removed later
                self.delete(key)
            raise from_os_error(error) from error

    def get(self, key: str) -> bytes:
        """The bytes of an object."""
        with self._opened(key) as file:
            try:
                content: bytes = file.read()
            except OSError as error:
                raise StorageUnavailable("The disk cannot be read.") from error
        return content

    def chunks(self, key: str) -> Iterator[bytes]:
        """The bytes of an object, piece by piece."""
        return self._pieces(self._opened(key))

    def open_local(self, key: str) -> File[Any] | None:
        """The object as an open file."""
        return self._opened(key)

    def delete(self, name: str) -> None:
        """Remove an object, and its folder once that is empty; one that is not there is fine."""
        try:
            super().delete(name)
        except NotADirectoryError:
            return  # nothing can lie below a file
        except OSError as error:
            raise StorageUnavailable("The disk cannot be written.") from error
        with suppress(OSError):
            Path(self.path(name)).parent.rmdir()

    def link(self, key: str, *, content_type: str, disposition: str) -> str:
        """A link to the bytes that expires with the current window."""
        link = FileLink(key, content_type, disposition, LinkWindow.current().end)
        return f"{settings.PUBLIC_URL}/files/{link.token()}"

    def has(self, key: str) -> bool:
        """Whether there is such a file."""
        return Path(self.path(key)).is_file()

    def listed(self, prefix: str) -> Iterator[Listed]:
        """Every file of the folder `prefix` and those below; holds the names of one folder."""
        try:
            with os.scandir(self.path(prefix)) as entries:
                # A folder's name ends with a slash, as in the keys.
                found = sorted(entry.name + "/" * entry.is_dir() for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise StorageUnavailable("The disk cannot be read.") from error
        for name in found:
            key = prefix + name
            if name.endswith("/"):
                yield from self.listed(key)
                continue
            with suppress(FileNotFoundError):
                status = Path(self.path(key)).stat()
                yield Listed(key, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    @property
    def origin(self) -> None:
        """Links lead to this service itself."""
        return

    def probe(self) -> None:
        """Raise `StorageUnavailable` unless objects can be stored."""
        folder = Path(self.location)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / ".probe").touch()
        except OSError as error:
            raise StorageUnavailable(f"{folder} cannot be written.") from error

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The same name or `FileExistsError`: no row would know of another one."""
        if self.exists(name):
            raise FileExistsError(f"There is a file under {name} already.")
        return name

    def _write(self, key: str, file: File[Any]) -> None:
        try:
            super()._save(key, file)  # type: ignore[misc]
        except FileNotFoundError:
            # Its folder was made, found empty by `delete` and removed, all at the same moment.
            super()._save(key, file)  # type: ignore[misc]

    def _pieces(self, file: File[Any]) -> Iterator[bytes]:
        with file:
            while True:
                try:
                    piece: bytes = file.read(CHUNK_BYTES)
                except OSError as error:
                    raise StorageUnavailable("The disk cannot be read.") from error
                if not piece:
                    return
                yield piece

    def _opened(self, key: str) -> File[Any]:
        try:
            return self.open(key)
        except FileNotFoundError as error:
            raise ObjectMissing("The file is gone from the storage.") from error
        except OSError as error:
            raise StorageUnavailable("The disk cannot be read.") from error
