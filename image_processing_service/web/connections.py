"""The open connections of a web process, and how many one address may have."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from image_processing_service.web.connection import Connection

# An attack refuses thousands of connections. The log says how many, this often.
REPORT_SECONDS = 60.0


class Connections:
    """At most `most` open connections, of which one address has at most `per_address`."""

    def __init__(self, most: int, per_address: int) -> None:
        self._most = most
        self._per_address = per_address
        self._open: set[Connection] = set()
        self._addresses: Counter[str] = Counter()
        self._refused = 0
        self._reported_at = float("-inf")

    def add(self, connection: Connection, address: str) -> bytes:
        """Count the connection. Returns the answer that refuses it, empty if it is accepted."""
        if self._addresses[address] >= self._per_address:
            return self._refuse("your address", self._per_address)
        if len(self._open) >= self._most:
            return self._refuse("all clients", self._most)
        self._open.add(connection)
        self._addresses[address] += 1
        return b""

    def remove(self, connection: Connection, address: str) -> None:
        """Forget a connection that was counted."""
        self._open.discard(connection)
        self._addresses[address] -= 1
        self._addresses += Counter()  # drops addresses without a connection

    def close_idle(self) -> None:
        """Close all connections on which no request has arrived."""
        for connection in [*self._open]:
            connection.close_if_idle()

    def report_refused(self, log: Any) -> None:
        """Write a line about the connections that were refused since the last one."""
        now = time.monotonic()
        if self._refused and now >= self._reported_at + REPORT_SECONDS:
            log.warning("%d connections were refused: there are too many.", self._refused)
            self._refused, self._reported_at = 0, now

    def _refuse(self, whose: str, limit: int) -> bytes:
        self._refused += 1
        problem = {
            "type": "urn:problem:too_many_connections",
            "title": "Too many connections",
            "status": 503,
            "code": "too_many_connections",
            "detail": f"At most {limit} connections from {whose} may be open at a time.",
            "limit": limit,
            "actual": limit + 1,
        }
        body = json.dumps(problem).encode()
        return (
            b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
            b"Retry-After: 5\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
        ) % (len(body), body)
