"""The open connections of a web process, and how many one address may have."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from image_processing_service.web.connection import Connection


class Connections:
    """At most `most` open connections, of which one address has at most `per_address`."""

    def __init__(self, most: int, per_address: int) -> None:
        self._most = most
        self._per_address = per_address
        self._open: set[Connection] = set()
        self._addresses: Counter[str] = Counter()

    def add(self, connection: Connection, address: str) -> bool:
        """Count the connection. Returns False if there are too many."""
        if len(self._open) >= self._most or self._addresses[address] >= self._per_address:
            return False
        self._open.add(connection)
        self._addresses[address] += 1
        return True

    def remove(self, connection: Connection, address: str) -> None:
        """Forget a connection that was counted."""
        self._open.discard(connection)
        self._addresses[address] -= 1
        self._addresses += Counter()  # drops addresses without a connection

    def close_idle(self) -> None:
        """Close all connections on which no request has arrived."""
        for connection in [*self._open]:
            connection.close_if_idle()
