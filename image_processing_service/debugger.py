"""A debugger that an editor attaches to while the service runs (debugpy)."""

from __future__ import annotations

import structlog

log = structlog.get_logger(__name__)


def listen(port: int, host: str = "127.0.0.1") -> bool:
    """Wait for an editor on `host:port` in the background; port 0 means no debugger.

    Whoever reaches the port can run any code in this process, so it listens on this machine only;
    a container passes `0.0.0.0` and publishes the port on the host's 127.0.0.1.

    Returns whether this process listens now. A port that is taken is a warning, not an error:
    the second process of a server goes on without a debugger.
    """
    if not port:
        return False
    import debugpy  # costs 0.1 s and threads, and nobody but a developer asks for it

    try:
        debugpy.listen((host, port))
    except RuntimeError as error:
        log.warning("debugger_unavailable", host=host, port=port, error=str(error))
        return False
    log.info("debugger_listening", host=host, port=port)
    return True
