"""TCP ports of this machine: is one free, and which is."""

import errno
import random
import socket

from scripts.local.errors import StartError

HOST = "127.0.0.1"

# Below the range from which systems take the ports of outgoing connections, so that a database
# that is down for a while finds its port free when it comes back.
SERVICE_PORTS = range(20_000, 32_000)


def require_free(port: int) -> None:
    """Raise StartError unless a server can listen on the port."""
    if not 1 <= port <= 65_535:
        raise StartError(f"Port {port} does not exist: choose one from 1 to 65535 with --port.")
    problem = _problem(port)
    if problem == errno.EACCES:
        raise StartError(
            f"This account may not listen on port {port}: choose one above 1023 with --port."
        )
    if problem:
        raise StartError(f"Port {port} is in use by another program: choose one with --port.")


def find_free() -> int:
    """Choose a port on which nothing listens."""
    for port in random.sample(SERVICE_PORTS, 200):
        if not _problem(port):
            return port
    raise StartError(f"No free port was found from {SERVICE_PORTS[0]} to {SERVICE_PORTS[-1]}.")


def _problem(port: int) -> int:
    """The error number that keeps a server from the port, or 0."""
    with socket.socket() as client:
        client.settimeout(1)
        # Some systems let two servers share a port when one of them names no address.
        if client.connect_ex((HOST, port)) == 0:
            return errno.EADDRINUSE
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0
