"""A progress bar in one line of the terminal; nothing at all anywhere else."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self, TextIO

BAR = 24
PER_SECOND = 10
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Bar:
    """`with Bar("photo.jpg") as bar: upload(..., progress=bar)`."""

    def __init__(self, label: str, *, shown: bool = True, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = shown and self._stream.isatty()
        self._label = label
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """So much of so much: bytes."""
        now = time.monotonic()
        if not self._shown or (now < self._next and done < total):
            return
        self._next = now + 1 / PER_SECOND
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r{line(self._label, done, total)[:width]}\033[K")
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line, for what is printed next."""
        if self._shown and self._next:
            self._stream.write("\r\033[K")
            self._stream.flush()


def line(label: str, done: int, total: int) -> str:
    """The bar as text."""
    share = done / total if total else 1.0
    full = round(share * BAR)
    return f"{share:4.0%} [{'#' * full}{'.' * (BAR - full)}] {size(done)} of {size(total)}  {label}"


def size(count: float) -> str:
    """Bytes for people: 1.5 MB."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
