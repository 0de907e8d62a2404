"""A log file that several processes write and that does not grow without limit."""

from __future__ import annotations

import fcntl
import logging
import logging.handlers
import os
from pathlib import Path
from typing import TextIO


class RotatedFile(logging.handlers.WatchedFileHandler):
    """Renames the file to `NAME.1`, and that one to `NAME.2`, when it reaches `max_bytes`.

    At most `backups` renamed files are kept. A process notices before each line that another one
    has renamed the file, or a program such as logrotate, and opens the new one. A line that is
    written at that moment reaches the renamed file; no line is lost.
    """

    def __init__(self, filename: str, *, max_bytes: int, backups: int) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)
        self.max_bytes = max_bytes
        self.backups = backups

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, into a new file if the present one is full."""
        try:
            if full := self._full_stream():
                self._rotate(full)
        except Exception:  # noqa: BLE001 - as in all handlers of the standard library
            self.handleError(record)
        super().emit(record)

    def _full_stream(self) -> TextIO | None:
        """Return the open file if it is full, and None if the path is another file by now."""
        self.reopenIfNeeded()
        if self.stream and os.fstat(self.stream.fileno()).st_size >= self.max_bytes:
            return self.stream
        return None

    def _rotate(self, full: TextIO) -> None:
        # A POSIX lock, because `flock` would not exclude a process that inherited the file. The
        # lock belongs to the full file and says nothing about the one that replaces it.
        fcntl.lockf(full, fcntl.LOCK_EX)
        try:
            if self._full_stream() is full:  # no other process has renamed it meanwhile
                self._rename()
                self.reopenIfNeeded()
        finally:
            if self.stream is full:  # to close a file unlocks it
                fcntl.lockf(full, fcntl.LOCK_UN)

    def _rename(self) -> None:
        for number in range(self.backups, 1, -1):
            younger = self._backup(number - 1)
            if younger.exists():
                younger.replace(self._backup(number))
        # Last, because another process may open and fill the new file from then on.
        Path(self.baseFilename).replace(self._backup(1))

    def _backup(self, number: int) -> Path:
        return Path(f"{self.baseFilename}.{number}")
