"""One connection of the web server, with bounds on what its client can hold.

gunicorn waits for the head of the first request, and for a client that reads nothing, without a
limit of time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from gunicorn.asgi.protocol import ASGIProtocol  # type: ignore[import-untyped]

from image_processing_service.web.pace import GRACE_SECONDS, seconds_for
from image_processing_service.web.presence import Presence

if TYPE_CHECKING:
    from image_processing_service.web.worker import WebWorker


class Connection(ASGIProtocol):
    """A connection that ends if its client sends no request or does not read the answer in time."""

    transport: asyncio.Transport
    worker: WebWorker

    def __init__(self, worker: WebWorker) -> None:
        super().__init__(worker)
        self._address = ""
        self._is_counted = False
        self._presence = Presence(worker.loop)
        self._unread: asyncio.TimerHandle | None = None
        self._closing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if peer else ""
        refusal = self.worker.connections.add(self, self._address)
        self._is_counted = not refusal
        if refusal:
            transport.write(refusal)
            transport.close()
            return
        super().connection_made(transport)
        # gunicorn cancels this timer when the head is complete, and starts it anew, with the time
        # of `keep-alive`, for the head of the next request.
        self._keepalive_handle = self.worker.loop.call_later(GRACE_SECONDS, self._keepalive_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_counted:
            return
        self.worker.connections.remove(self, self._address)
        self._presence.set_lost()
        super().connection_lost(exc)
        self.resume_writing()  # an answer that waits for the client must not wait for ever
        if self._closing is not None:
            self._closing.cancel()

    def data_received(self, data: bytes) -> None:
        if not self._is_counted:
            return
        try:
            super().data_received(data)
        except ValueError as error:  # gunicorn's parser raises it for more than 4,300 digits
            if "integer string conversion" not in str(error):
                raise
            self._send_error_response(400, "Invalid Content-Length value")
            self._close_transport()

    def eof_received(self) -> bool:
        """Keep the connection if it owes the answer to a complete request."""
        receiver = self._body_receiver
        if self._closed or receiver is None or not receiver._complete:
            return False
        self._presence.set_ended()
        self._close_after_last_request()
        return True

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self._abort_unread()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def close_if_idle(self) -> None:
        """Close the connection unless a request has arrived on it."""
        if self._awaiting_request:
            self._keepalive_timeout()

    def _build_http_scope(self, *args: Any) -> dict[str, Any]:
        if self._presence.has_ended.is_set():
            self._close_after_last_request()
        return {**super()._build_http_scope(*args), "presence": self._presence}

    def _close_after_last_request(self) -> None:
        """Close after this answer unless another request has arrived. No more can arrive."""
        if not self._callback_parser.remaining():
            self._keepalive = 0

    def _close_transport(self) -> None:
        super()._close_transport()
        self.transport.close()  # gunicorn does not if the client has gone: `write_eof` raises then
        if self._closing is None and self.transport.get_write_buffer_size():
            self._closing = self._abort_unread()

    def _abort_unread(self) -> asyncio.TimerHandle:
        seconds = seconds_for(self.transport.get_write_buffer_size())
        handle: asyncio.TimerHandle = self.worker.loop.call_later(seconds, self.transport.abort)
        return handle
