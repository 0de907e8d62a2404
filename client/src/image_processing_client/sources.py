"""What can be uploaded: a path, bytes or an open file, never read as a whole."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

Source = str | os.PathLike[str] | bytes | BinaryIO
Progress = Callable[[int, int], object]
"""Called with (bytes so far, bytes in all); starts over when a request is tried again."""


CONTENT_TYPES = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}


def content_type_of(name: str) -> str:
    """What a file with this name is sent as; raises `ValueError` for an ending that says nothing.

    Python's own table knows less on some systems.
    """
    ending = Path(name).suffix.lower()
    if ending not in CONTENT_TYPES:
        known = ", ".join(CONTENT_TYPES)
        raise ValueError(f"{name!r} ends in none of {known}; say what it is with content_type=.")
    return CONTENT_TYPES[ending]


@dataclass(frozen=True)
class Upload:
    """An open file with the name it is shown under."""

    name: str
    file: BinaryIO
    size: int


@contextmanager
def opened(source: Source, name: str | None = None) -> Iterator[Upload]:
    """Open what is to be uploaded; only what was opened here is closed again.

    Raises `OSError`, and `ValueError` for a stream that cannot be read again from its beginning,
    which trying again needs.
    """
    with ExitStack() as stack:
        file: BinaryIO
        if isinstance(source, bytes):
            found, file = "", io.BytesIO(source)
        elif isinstance(source, str | os.PathLike):
            found = Path(source).name
            file = stack.enter_context(Path(source).open("rb"))
        elif source.seekable():
            found, file = Path(str(getattr(source, "name", ""))).name, source
        else:
            raise ValueError("The stream cannot be rewound; read it into a file or bytes first.")
        size = file.seek(0, io.SEEK_END)
        yield Upload(name or found or "image", file, size)


class Watched:
    """A file for httpx to read from, that tells how far it has come."""

    def __init__(self, upload: Upload, progress: Progress) -> None:
        self._file = upload.file
        self._size = upload.size
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._progress(self._file.tell(), self._size)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
