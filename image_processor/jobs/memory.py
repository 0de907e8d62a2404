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


# Parameters of glibc's mallopt(3), and the size of the largest picture that is kept for the next.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEPT_BYTES = 64 * 1024 * 1024


def in_use() -> int | None:
    """Return the writable memory of this process in bytes, or None if it cannot be read."""
    try:
        pages = int(_STATM.read_text().split()[5])
    except OSError:
        return None
    return pages * resource.getpagesize()


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
    picture asks for them: a quarter of the time of a thumbnail of 12 megapixels. Does nothing
    without glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
