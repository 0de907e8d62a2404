"""Find free TCP ports of this machine."""

import errno
import random
import socket

from scripts.local.terminal import StartError

HOST = "127.0.0.1"

# Below the ports that systems give to outgoing connections. Otherwise such a connection could take
# the port of a database while the database restarts.
SERVICE_PORTS = range(20_000, 32_000)


def require_free(port: int) -> None:
    """Raise StartError unless a server can listen on the port."""
    if not 1 <= port <= 65_535:
        raise StartError(f"Port {port} does not exist: choose one from 1 to 65535 with --port.")
    problem = _bind_error(port)
    if problem == errno.EACCES:
        raise StartError(
            f"This account may not listen on port {port}: choose one above 1023 with --port."
        )
    if problem:
        raise StartError(f"Port {port} is in use by another program: choose one with --port.")


def find_free() -> int:
    """Choose a free port at random."""
    for port in random.sample(SERVICE_PORTS, 200):
        if not _bind_error(port):
            return port
    raise StartError(f"No free port was found from {SERVICE_PORTS[0]} to {SERVICE_PORTS[-1]}.")


def _bind_error(port: int) -> int:
    """Return the error number of listening on the port, or 0."""
    with socket.socket() as client:
        client.settimeout(1)
        # On some systems two servers can share a port if one of them listens on all addresses.
        if client.connect_ex((HOST, port)) == 0:
            return errno.EADDRINUSE
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0
