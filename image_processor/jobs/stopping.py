"""Told to stop, a worker lets its jobs end; what has not ended in time is handed back.

The main process is told, the children hold the leases, and Python code in a child may be waiting
for a codec. So the moment lies in memory that they share, and each lease's thread looks at it.
"""

from __future__ import annotations

import mmap
import struct
import time

# How long jobs may go on. What stops workers (supervisor, Compose) has to wait longer than this.
PATIENCE_SECONDS = 60

# Anonymous and shared: the children that a worker forks see what is written here. Where workers
# do not fork, nothing is handed back, and the leases run out.
_moment = mmap.mmap(-1, 8)


def begin(seconds: float) -> None:
    """In a worker's main process: jobs that still run in so many seconds are handed back."""
    struct.pack_into("d", _moment, 0, time.monotonic() + seconds)


def is_over() -> bool:
    """Whether this worker's jobs have had their time."""
    moment: float = struct.unpack_from("d", _moment)[0]
    return 0 < moment <= time.monotonic()
