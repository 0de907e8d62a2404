"""Send bodies very slowly from many connections, without an account.

python -m tests.chaos.slow_clients --connections 64 --seconds 60
"""

from __future__ import annotations

import argparse
import socket
import time
from contextlib import ExitStack, suppress

import httpx

from tests.chaos.command import report
from tests.chaos.figures import Figures
from tests.chaos.health import Pulse
from tests.stack.service import Service

# Two kilobytes a second of a megabyte.
SIZE, PIECE, PAUSE_SECONDS = 1_000_000, 1_000, 0.5
ANSWER_SECONDS = 1.0
HEAD = (
    "POST /api/v1/auth/login/ HTTP/1.1\r\nHost: localhost\r\n"
    f"Content-Type: application/json\r\nContent-Length: {SIZE}\r\n\r\n"
)


def run(
    service: Service, *, connections: int, seconds: float, answer_within: float = ANSWER_SECONDS
) -> Figures:
    """Keep `connections` busy for `seconds`, and look at `/healthz` meanwhile."""
    figures = Figures("slow clients", {"slow connections": connections})
    address = httpx.URL(service.url)
    with ExitStack() as stack:
        clients = []
        for _ in range(connections):
            client = stack.enter_context(socket.create_connection((address.host, address.port)))
            client.sendall(HEAD.encode())
            clients.append(client)
        end = time.monotonic() + seconds
        with Pulse(service) as pulse:
            while time.monotonic() < end:
                for client in clients:
                    with suppress(OSError):  # the service has closed it
                        client.sendall(bytes(PIECE))
                time.sleep(PAUSE_SECONDS)
    figures.measured["health checks"] = str(pulse.answered)
    figures.measured["slowest health check"] = f"{pulse.slowest * 1000:.0f} ms"
    pulse.require_within(figures, answer_within)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    report(lambda service: run(service, connections=options.connections, seconds=options.seconds))
