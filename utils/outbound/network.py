"""The network backend of httpcore: connects to checked addresses, under one deadline."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

import httpcore
import structlog

from utils.outbound.addresses import Address, Network, is_allowed
from utils.outbound.deadline import Deadline
from utils.outbound.errors import AddressForbidden, HostUnknown, RemoteUnavailable, TlsFailed
from utils.outbound.target import Target

MAX_ADDRESSES = 4

Resolve = Callable[[str], list[str]]

log = structlog.get_logger(__name__)


def resolve(host: str) -> list[str]:
    """Return the addresses to which this machine resolves a host name. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to one target if all its addresses are allowed."""

    def __init__(
        self, target: Target, deadline: Deadline, extra: Iterable[Network], resolve: Resolve
    ) -> None:
        self._target = target
        self._deadline = deadline
        self._extra = tuple(extra)
        self._resolve = resolve

    def addresses(self) -> list[Address]:
        """Return the target's addresses; raise an `OutboundError` unless all are allowed."""
        addresses = [self._target.address] if self._target.address else self._resolved()
        for address in addresses:
            if not is_allowed(address, self._extra):
                log.warning("outbound_refused", host=self._target.host, address=str(address))
                raise AddressForbidden(
                    f"{self._target.host} has an address that is not on the public internet."
                )
        return addresses

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        """Connect to the target. Ignores the arguments, which name the same host and port."""
        addresses = self.addresses()[:MAX_ADDRESSES]
        for others, address in zip(reversed(range(len(addresses))), addresses, strict=True):
            with suppress(OSError):
                return DeadlineStream(self._connected(address, others), self._deadline)
        self._deadline.left()
        raise RemoteUnavailable(f"{self._target.host} does not accept connections.")

    def _connected(self, address: Address, others: int) -> socket.socket:
        """Connect within a share of the remaining time; `others` addresses may need the rest."""
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(self._deadline.left() / (others + 1))
            connection.connect((str(address), self._target.port))
        except BaseException:
            connection.close()
            raise
        return connection

    def _resolved(self) -> list[Address]:
        """Resolve in a thread, because the system's resolver has no time limit."""
        answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self._resolve(self._target.host))
            except Exception as error:  # noqa: BLE001 - raised again below
                answers.put(error)

        threading.Thread(target=look_up, name="outbound-resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left())
        except Empty:
            raise self._deadline.passed() from None
        if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN:
            raise RemoteUnavailable(f"{self._target.host} could not be resolved.") from answer
        if isinstance(answer, Exception) or not answer:
            raise HostUnknown(f"The host {self._target.host} does not exist.")
        return [ipaddress.ip_address(text) for text in answer]


class DeadlineStream(httpcore.NetworkStream):
    """A socket whose steps share one deadline.

    httpcore's own stream restarts its time limit at each step, so a server that sends a byte per
    second could hold the connection for ever.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._connection.settimeout(self._deadline.left())
            return self._connection.recv(max_bytes)
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        try:
            while rest:
                self._connection.settimeout(self._deadline.left())
                rest = rest[self._connection.send(rest) :]
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._connection.settimeout(self._deadline.left())
            secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise self._deadline.passed() from None
        except ssl.SSLError as error:
            self.close()
            raise TlsFailed(f"{server_hostname}: {_reason(error)}") from error
        except OSError as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error
        return DeadlineStream(secured, self._deadline)

    def close(self) -> None:
        self._connection.close()


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid ({error.verify_message})."
    return "the TLS handshake failed."
