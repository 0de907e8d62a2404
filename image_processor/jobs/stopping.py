"""Stop a worker: its jobs may end for a while, then the rest is handed back.

The signal reaches the main process, the children hold the leases, and a child's main thread may be
busy in a codec. So the end of the time lies in shared memory, and each lease's thread reads it.
"""

from __future__ import annotations

import mmap
import struct
import time

# How long jobs may go on. Supervisor and Compose wait longer than this before they kill.
PATIENCE_SECONDS = 60

# Anonymous and shared: forked children see what the main process writes. Where workers do not fork,
# nothing is handed back, and the leases run out.
_moment = mmap.mmap(-1, 8)


def begin(seconds: float) -> None:
    """Hand back the jobs that still run in so many seconds. Called in the main process."""
    struct.pack_into("d", _moment, 0, time.monotonic() + seconds)


def is_over() -> bool:
    """Return whether the time for this worker's jobs is over."""
    moment: float = struct.unpack_from("d", _moment)[0]
    return 0 < moment <= time.monotonic()
