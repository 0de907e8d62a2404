"""debugpy: an editor can attach to the running service."""

from __future__ import annotations

import structlog

log = structlog.get_logger(__name__)


def listen(port: int, host: str = "127.0.0.1") -> bool:
    """Listen for an editor on `host:port` in the background; port 0 means no debugger.

    A client of the port can run any code in this process, so the default is this machine only. In
    a container, `host` is `0.0.0.0` and the port is published on the host's 127.0.0.1.

    Returns whether this process listens. If the port is taken, as in the second process of a
    server, it logs a warning and the process goes on without a debugger.
    """
    if not port:
        return False
    import debugpy  # the import takes 0.1 s and starts threads

    try:
        debugpy.listen((host, port))
    except RuntimeError as error:
        log.warning("debugger_unavailable", host=host, port=port, error=str(error))
        return False
    log.info("debugger_listening", host=host, port=port)
    return True
