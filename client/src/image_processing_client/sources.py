"""Sources of uploads: a path, bytes or an open file. Files are streamed."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from image_processing_client.file_names import to_text

Source = str | os.PathLike[str] | bytes | BinaryIO
Progress = Callable[[int, int], object]
"""Called with (bytes sent, total bytes). It starts again at 0 when a request is repeated."""

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


def guess_content_type(name: str) -> str:
    """Return the content type for the name's extension; raises `ValueError` for an unknown one.

    Python's `mimetypes` is not used: on some systems it lacks some of these types.
    """
    extension = Path(name).suffix.lower()
    if extension not in CONTENT_TYPES:
        known = ", ".join(CONTENT_TYPES)
        raise ValueError(f"The extension of {name!r} is none of {known}; pass content_type=.")
    return CONTENT_TYPES[extension]


@dataclass(frozen=True)
class Upload:
    """An open file with its name and its size in bytes."""

    name: str
    file: BinaryIO
    size: int


@contextmanager
def open_source(source: Source, name: str | None = None) -> Iterator[Upload]:
    """Open the source. A file that the caller opened is not closed.

    Raises `OSError`, and `ValueError` for a stream that cannot be rewound: retries need that.
    """
    with ExitStack() as stack:
        file: BinaryIO
        if isinstance(source, bytes):
            own_name, file = "", io.BytesIO(source)
        elif isinstance(source, str | os.PathLike):
            own_name = Path(source).name
            file = stack.enter_context(Path(source).open("rb"))
        elif source.seekable():
            own_name, file = Path(str(getattr(source, "name", ""))).name, source
        else:
            raise ValueError("The stream cannot be rewound; read it into a file or bytes first.")
        size = file.seek(0, io.SEEK_END)
        yield Upload(to_text(name or own_name or "image"), file, size)


class ProgressFile:
    """A file that reports progress while httpx reads from it."""

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
