"""The pulse file, which a process touches as long as nothing in it hangs."""

from __future__ import annotations

from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


def touch(path: str) -> None:
    """Touch the file, or nothing if `path` is empty. A failure is logged and stops no work."""
    if not path:
        return
    try:
        Path(path).touch()
    except OSError as error:
        log.warning("pulse_file_not_touched", path=path, error=str(error))
