"""A progress bar in one line of the terminal. Files and pipes get none."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self, TextIO

from image_processing_client.file_names import to_text

BAR = 24
PER_SECOND = 10
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Bar:
    """`with Bar("photo.jpg") as bar: upload(..., progress=bar)`."""

    def __init__(self, label: str, *, enabled: bool = True, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._enabled = enabled and self._stream.isatty()
        self._label = to_text(label)
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show `done` of `total` bytes."""
        now = time.monotonic()
        if not self._enabled or (now < self._next and done < total):
            return
        self._next = now + 1 / PER_SECOND
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r{format_line(self._label, done, total)[:width]}\033[K")
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line for the next output."""
        if self._enabled and self._next:
            self._stream.write("\r\033[K")
            self._stream.flush()


def format_line(label: str, done: int, total: int) -> str:
    """Return the bar as text."""
    share = done / total if total else 1.0
    full = round(share * BAR)
    bar = "#" * full + "." * (BAR - full)
    return f"{share:4.0%} [{bar}] {format_size(done)} of {format_size(total)}  {label}"


def format_size(count: float) -> str:
    """Return a number of bytes as text, such as 1.5 MB."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
