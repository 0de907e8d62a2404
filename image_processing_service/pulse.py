"""A worker's sign of life: a file that is touched with every message that its processes handle.

A ping is answered by a worker's main process, also when its children hang. Messages are handled
where work is done, and the scheduler sees that there is always one to handle.
"""

from __future__ import annotations

from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


def show(path: str) -> None:
    """Touch the file; with an empty path nothing. A disk that refuses stops no work."""
    if not path:
        return
    try:
        Path(path).touch()
    except OSError as error:
        log.warning("pulse_not_shown", path=path, error=str(error))
