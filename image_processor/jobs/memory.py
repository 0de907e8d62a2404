"""The memory of a worker process: a limit, so that runaway work ends as a failed job, and reuse.

The limit is RLIMIT_DATA, which counts writable memory. RLIMIT_AS would also count mapped libraries,
and memory that malloc and the numerical libraries reserve for each thread and never touch. That
memory grows with the number of cores (see docs/decisions/0021).
"""

from __future__ import annotations

import ctypes
import resource
from pathlib import Path

_STATM = Path("/proc/self/statm")


# Parameters of glibc's mallopt(3). Blocks of at most so many bytes are kept; a picture has several.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEPT_BYTES = 32 * 1024 * 1024
# How much more than at its start a process may hold between two messages.
_MOST_KEPT_BYTES = 200 * 1024 * 1024

_libc = ctypes.CDLL(None)
_at_start: int | None = None


def in_use() -> int | None:
    """Return the writable memory of this process in bytes, or None if it cannot be read."""
    return _read(5)


def resident() -> int | None:
    """Return the bytes of this process that are in memory, or None if it cannot be read."""
    return _read(1)


def limit(more: int) -> None:
    """Let this process take `more` further bytes; beyond that, allocations raise a MemoryError.

    Does nothing if `in_use` returns None (on systems other than Linux).
    """
    now = in_use()
    if now is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = now + more
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def keep_freed() -> None:
    """Let malloc keep memory that was freed, for the next picture.

    Otherwise it returns each picture to the system, which fills the pages with zeros when the next
    picture asks for them: a quarter of the time of a thumbnail of 12 megapixels. What a large
    picture leaves goes back by `give_back`. Does nothing without glibc.
    """
    global _at_start
    if not hasattr(_libc, "mallopt"):
        return
    _libc.mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
    _libc.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
    _at_start = resident()


def give_back() -> None:
    """Return freed memory to the system if it is much. Called between messages."""
    now = resident() if _at_start is not None else None
    if _at_start is not None and now is not None and now - _at_start > _MOST_KEPT_BYTES:
        _libc.malloc_trim(0)


def _read(place: int) -> int | None:
    try:
        pages = int(_STATM.read_text().split()[place])
    except OSError:
        return None
    return pages * resource.getpagesize()
