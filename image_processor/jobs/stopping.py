"""Stop a worker: jobs that do not end within a given time are handed back.

The main process receives the signal, but its children hold the leases, and a child's main thread
may be busy in a codec. So the main process writes the end of the time to shared memory, and the
thread of each lease reads it there.
"""

from __future__ import annotations

import mmap
import struct
import time

# How long jobs may go on. Supervisor and Compose wait longer before they kill the worker.
PATIENCE_SECONDS = 60

# When the time for jobs is over (on the monotonic clock), or 0. The memory is shared, so forked
# children see what the main process writes. Children that start without a fork do not: they hand
# nothing back, and their leases run out.
_moment = mmap.mmap(-1, 8)


def begin(seconds: float) -> None:
    """Hand back the jobs that still run after `seconds`. Called in the main process."""
    struct.pack_into("d", _moment, 0, time.monotonic() + seconds)


def has_begun() -> bool:
    """Return whether this worker was told to stop, so that it should begin no other job."""
    return _read() > 0


def is_over() -> bool:
    """Return whether the time for this worker's jobs is over."""
    return 0 < _read() <= time.monotonic()


def _read() -> float:
    moment: float = struct.unpack_from("d", _moment)[0]
    return moment
