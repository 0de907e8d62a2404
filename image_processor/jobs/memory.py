"""Limit the memory of a worker process, so that runaway work ends as a failed job.

The limit is RLIMIT_DATA, not RLIMIT_AS: writable memory is what work takes. Address space also
counts mapped libraries, and memory that malloc and the numerical libraries reserve for each thread
and never touch, which grows with the number of cores (see docs/decisions/0021).
"""

from __future__ import annotations

import resource
from pathlib import Path

_STATM = Path("/proc/self/statm")


def in_use() -> int | None:
    """Return the writable memory of this process in bytes; None where the system does not tell."""
    try:
        pages = int(_STATM.read_text().split()[5])
    except OSError:
        return None
    return pages * resource.getpagesize()


def limit(more: int) -> None:
    """Let this process take `more` bytes beyond what it has; above that it gets a MemoryError.

    Does nothing on systems that do not tell what the process has (other than Linux).
    """
    now = in_use()
    if now is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = now + more
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))
