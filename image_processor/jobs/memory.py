"""A bound on what one worker process may take, so that runaway work ends as a failed job.

It is RLIMIT_DATA, not RLIMIT_AS: address space also counts mapped libraries and what malloc and
the numerical libraries reserve for each thread and never touch, which grows with the number of
cores; writable memory is what work takes (see docs/decisions/0021).
"""

from __future__ import annotations

import resource
from pathlib import Path

_STATM = Path("/proc/self/statm")


def in_use() -> int | None:
    """The writable memory of this process in bytes; None where the system does not say."""
    try:
        pages = int(_STATM.read_text().split()[5])
    except OSError:
        return None
    return pages * resource.getpagesize()


def limit(more: int) -> None:
    """Let this process take so many bytes more than it has; beyond, it gets a MemoryError.

    Does nothing where the system does not tell what the process has (other than Linux).
    """
    now = in_use()
    if now is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = now + more
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
