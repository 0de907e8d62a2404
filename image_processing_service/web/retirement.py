"""How a web process is replaced while it still finishes what it has begun.

gunicorn starts a replacement only when the process has ended, which takes as long as its slowest
client. Until then fewer processes listen, or none. So a process that retires has gunicorn start
another one first.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import signal
import tempfile
from typing import IO, Any

# Locked by the one process of the server that retires; its end releases the lock. Opened in
# gunicorn's main process, so that all processes inherit it.
_turn: list[IO[bytes]] = []


class Retirement:
    """Belongs to one process. Made in the main process, which shares its memory."""

    def __init__(self) -> None:
        self._flag = mmap.mmap(-1, 1)
        if not _turn:
            _turn.append(tempfile.TemporaryFile())  # noqa: SIM115 - open as long as the server

    @property
    def has_begun(self) -> bool:
        """Whether the process is replaced."""
        return bool(self._flag[0])

    def begin(self, main_process: int) -> bool:
        """Have the main process start another one, unless one of the server retires already.

        A process that retires may stay for half an hour. Without this limit there could be any
        number of them.
        """
        try:
            fcntl.lockf(_turn[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        self._flag[0] = 1
        os.kill(main_process, signal.SIGTTIN)  # "one process more"
        return True


def count_processes(server: Any, worker: Any) -> None:
    """After the end of a process that was replaced, gunicorn needs one process less again.

    `child_exit` of gunicorn's configuration, for every class of workers: only `WebWorker` retires.
    A reload has reset the number already.
    """
    retirement: Retirement | None = getattr(worker, "retirement", None)
    if retirement and retirement.has_begun:
        server.num_workers = max(server.num_workers - 1, server.cfg.workers)
