"""Limit the memory of a worker process, so that runaway work ends as a failed job.

The limit is RLIMIT_DATA, which counts writable memory. RLIMIT_AS would also count mapped libraries,
and memory that malloc and the numerical libraries reserve for each thread and never touch. That
memory grows with the number of cores (see docs/decisions/0021).
"""

from __future__ import annotations

import resource
from pathlib import Path

_STATM = Path("/proc/self/statm")


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
