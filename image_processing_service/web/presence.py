"""Whether the client of a connection is still there, as far as the server can know."""

from __future__ import annotations

import asyncio

from api.http.client_end import ClientEnd


class Presence:
    """What the connection knows of its client.

    A client that has closed its sending side and waits for the answer looks like one that has
    closed the connection, until the server sends something.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.end: asyncio.Future[None] = loop.create_future()  # the client sends nothing more
        self.has_ended = ClientEnd()  # the same, for threads
        self.is_lost = False  # nothing can be sent to the client

    def set_ended(self) -> None:
        """Note that the client sends nothing more. It may have gone."""
        self.has_ended.set()
        if not self.end.done():
            self.end.set_result(None)

    def set_lost(self) -> None:
        """Note that the connection does not exist any more."""
        self.is_lost = True
        self.set_ended()
