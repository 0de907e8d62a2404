"""A part of an open file, read as a file of its own."""

from __future__ import annotations

import io
import os
from typing import Any


class FilePart(io.RawIOBase):
    """The `size` bytes from `start` of an open file. Closing the part does not close the file.

    It has a position of its own, so several parts of one file can be read at the same time.
    """

    def __init__(self, file: int, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self.size = file, start, size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError(f"A file has no position {base + offset}.")
        self._position = base + offset
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(self.size - self._position, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        data = os.pread(self._file, wanted, self._start + self._position)
        self._position += len(data)
        return data

    def readall(self) -> bytes:
        return self.read()

    def readinto(self, buffer: Any, /) -> int:
        left = max(self.size - self._position, 0)
        place = memoryview(buffer).cast("B")[:left]
        count = os.preadv(self._file, [place], self._start + self._position)
        self._position += count
        return count
