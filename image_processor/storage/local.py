"""Storage on the local disk: private files, reached by links that this service signs."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.core.signing import BadSignature, Signer, b64_encode
from django.utils.encoding import force_bytes

from image_processor.storage import CHUNK_BYTES, ListedObject
from image_processor.storage.errors import ObjectMissing, StorageUnavailable, translate_os_error
from image_processor.storage.link_window import LinkWindow

DELETING_THREADS = 8
# Tokens of links that a process keeps, of about 1 KB each with their keys.
REMEMBERED_LINKS = 4096


class _LinkSigner(Signer):
    """Signs as Django's `Signer` does, but derives the key of a secret once."""

    def signature(self, value: Any, key: Any = None) -> str:
        derived = _derive_key(self.salt, key or self.key)
        return b64_encode(hmac.digest(derived, force_bytes(value), "sha256")).decode()


@cache
def _derive_key(salt: str | bytes, secret: str | bytes) -> bytes:
    return hashlib.sha256(force_bytes(salt) + b"signer" + force_bytes(secret)).digest()


_signer = _LinkSigner(salt="image_processor.files")


@dataclass(frozen=True, slots=True)
class FileLink:
    """The content of a link to a local file; `expires` is a Unix time in seconds.

    `picture` names the picture that the file belongs to, for whoever checks that it still exists.
    """

    key: str
    content_type: str
    disposition: str
    expires: int
    picture: str = ""

    def token(self) -> str:
        """Sign the link. Compressed, since web servers refuse addresses over 4094 bytes."""
        fields = [self.key, self.content_type, self.disposition, self.expires, self.picture]
        return _signer.sign_object(fields, compress=True)

    @classmethod
    def read(cls, token: str) -> FileLink:
        """Read a signed link. Raises `BadSignature` for a token that `token` did not make."""
        match _signer.unsign_object(token):
            case [str(key), str(content_type), str(disposition), int(expires), str(picture)]:
                return cls(key, content_type, disposition, expires, picture)
        raise BadSignature("The token is signed, but is not a link.")


@lru_cache(REMEMBERED_LINKS)
def _token(key: str, content_type: str, disposition: str, expires: int, picture: str) -> str:
    """The token of a link. It is the same until the window ends, and lists show it often."""
    return FileLink(key, content_type, disposition, expires, picture).token()


@contextmanager
def _translate_read_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing("The file is missing from the storage.") from error
    except OSError as error:
        raise StorageUnavailable("The disk cannot be read.") from error


class PrivateFileStorage(FileSystemStorage):
    """Files under `MEDIA_ROOT`. No web server serves that folder; only signed links do."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def put(self, key: str, content: File[Any] | bytes, content_type: str) -> None:
        """Write a new object. Raises `StorageUnavailable` also if the key exists already."""
        try:
            if not isinstance(content, bytes):
                self._write(key, content)
            elif not self._write_bytes(key, content):
                self._write(key, ContentFile(content))
        except FileExistsError as error:
            raise StorageUnavailable(f"A file already exists under {key}.") from error
        except OSError as error:
            with suppress(StorageUnavailable):  # the key is unclaimed, so it is removed later
                self.delete(key)
            raise translate_os_error(error) from error

    def get(self, key: str) -> bytes:
        """Return the bytes of an object."""
        with _translate_read_errors(), self.open(key) as file:
            content: bytes = file.read()
        return content

    def chunks(self, key: str) -> Iterator[bytes]:
        """Return an iterator over the bytes of an object."""
        return self._read_chunks(self.open_local(key))

    def open_local(self, key: str) -> File[Any]:
        """Open an object as a file."""
        with _translate_read_errors():
            return self.open(key)

    def delete(self, name: str) -> None:
        """Remove an object, and its folder if that is empty. Does nothing if it does not exist."""
        try:
            super().delete(name)
        except NotADirectoryError:
            return  # a file stands where the folder would be, so the object does not exist
        except OSError as error:
            raise StorageUnavailable("The disk cannot be written.") from error
        with suppress(OSError):
            Path(self.path(name)).parent.rmdir()

    def delete_all(self, keys: Collection[str]) -> dict[str, str]:
        """Remove objects, several at a time, because a disk works on several at a time."""
        with ThreadPoolExecutor(DELETING_THREADS, thread_name_prefix="delete") as threads:
            return dict(filter(None, threads.map(self._try_to_delete, keys)))

    def link(
        self,
        key: str,
        *,
        content_type: str,
        disposition: str,
        picture: str = "",
        window: LinkWindow | None = None,
    ) -> str:
        """Return a signed link that expires with the links of the window."""
        window = window or LinkWindow.current()
        token = _token(key, content_type, disposition, window.end, picture)
        return f"{settings.PUBLIC_URL}/files/{token}"

    def has(self, key: str) -> bool:
        """Return whether the file exists."""
        return Path(self.path(key)).is_file()

    def list_objects(self, prefix: str) -> Iterator[ListedObject]:
        """List every file below the folder `prefix`, holding the names of one folder at a time."""
        try:
            with os.scandir(self.path(prefix)) as entries:
                # A folder sorts by its name with a slash, as in the keys.
                names = sorted(entry.name + "/" * entry.is_dir() for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise StorageUnavailable("The disk cannot be read.") from error
        for name in names:
            key = prefix + name
            if name.endswith("/"):
                yield from self.list_objects(key)
                continue
            with suppress(FileNotFoundError):
                status = Path(self.path(key)).stat()
                modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
                yield ListedObject(key, status.st_size, modified_at)

    @property
    def origin(self) -> None:
        """None: links lead to this service itself."""
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
        """Return the name itself, or raise `FileExistsError`. No row would hold another name."""
        if self.exists(name):
            raise FileExistsError(f"A file already exists under {name}.")
        return name

    def _try_to_delete(self, key: str) -> tuple[str, str] | None:
        """Remove an object; return its key and the reason if that fails."""
        try:
            self.delete(key)
        except StorageUnavailable as error:
            return key, str(error.__cause__ or error)
        return None

    def _write_bytes(self, key: str, content: bytes) -> bool:
        """Write a new file at once; False if its folder does not exist yet.

        Each task does this twice, and Django's way takes ten times as long.
        """
        try:
            descriptor = os.open(self.path(key), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            return False
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return True

    def _write(self, key: str, file: File[Any]) -> None:
        try:
            super()._save(key, file)  # type: ignore[misc]
        except FileNotFoundError:
            # `_save` made the folder, and a `delete` at the same time removed it as empty.
            super()._save(key, file)  # type: ignore[misc]

    def _read_chunks(self, file: File[Any]) -> Iterator[bytes]:
        with file:
            while True:
                with _translate_read_errors():
                    chunk: bytes = file.read(CHUNK_BYTES)
                if not chunk:
                    return
                yield chunk
