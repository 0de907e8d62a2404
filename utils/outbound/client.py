"""The client that downloads a file or delivers a message."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import certifi
import httpcore
from django.conf import settings

from utils.outbound import network
from utils.outbound.addresses import Network
from utils.outbound.deadline import Deadline
from utils.outbound.errors import (
    RemoteRefused,
    RemoteUnavailable,
    ResponseRefused,
    ResponseTooLarge,
    TooManyRedirects,
    UrlRefused,
)
from utils.outbound.target import Target

MAX_REDIRECTS = 3
ANSWER_BYTES = 64 * 1024

_REDIRECTS = (301, 302, 303, 307, 308)
_LATER = (408, 425, 429)


class Sink(Protocol):
    """Receives the bytes of a file; it can end the download by raising."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """The URL after all redirects, and the size in bytes.

    The server's content type is missing on purpose: it is not reliable.
    """

    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a delivery; `body` is cut after `ANSWER_BYTES`.

    `retry_after` is the unparsed `Retry-After` header, or "".
    """

    status: int
    body: bytes
    retry_after: str = ""


@cache
def verified_tls() -> ssl.SSLContext:
    """Return a context that trusts the authorities of Mozilla and of this machine."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


class Client:
    """Keeps nothing between requests: no connections, cookies or credentials.

    It takes neither proxies nor passwords from the environment. Besides the public internet it may
    reach `networks`, and it uses only `ports`. The defaults are `OUTBOUND_ALLOWED_NETWORKS` and
    `OUTBOUND_ALLOWED_PORTS`. `resolve` and `tls` are for tests and private authorities.
    """

    def __init__(
        self,
        *,
        networks: Iterable[Network] | None = None,
        ports: Iterable[int] | None = None,
        resolve: network.Resolve = network.resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        given = settings.OUTBOUND_ALLOWED_NETWORKS if networks is None else networks
        self._networks: tuple[Network, ...] = tuple(given)
        self._ports = frozenset(settings.OUTBOUND_ALLOWED_PORTS if ports is None else ports)
        self._resolve = resolve
        self._tls = tls

    def fetch(self, url: str, into: Sink, *, most_bytes: int, seconds: float = 30) -> Fetched:
        """Download `url` to `into`, following at most 3 redirects.

        `seconds` limits the whole download. Raises an `OutboundError`, or what `into.write`
        raises; `into` may then hold a part of the file.
        """
        deadline = Deadline(seconds)
        target = Target.parse(url)
        for _ in range(MAX_REDIRECTS + 1):
            with self._exchange("GET", target, deadline, {"Accept": "image/*"}) as response:
                if response.status in _REDIRECTS:
                    target = target.redirected(_header(response, b"location"))
                    continue
                _require_ok(response, target)
                size = 0
                for chunk in _bounded(response, most_bytes):
                    into.write(chunk)
                    size += len(chunk)
                return Fetched(target.url, size)
        raise TooManyRedirects(
            f"{target.host} redirects more than {MAX_REDIRECTS} times.",
            limit=MAX_REDIRECTS,
        )

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], seconds: float = 15
    ) -> Answer:
        """Deliver `body`; return the answer, whatever its status. Redirects are not followed.

        Raises an `OutboundError` if there is no answer.
        """
        target = Target.parse(url)
        with self._exchange("POST", target, Deadline(seconds), headers, body) as response:
            received = bytearray()
            for chunk in response.iter_stream():
                received += chunk
                if len(received) >= ANSWER_BYTES:
                    break
            body_received = bytes(received[:ANSWER_BYTES])
            return Answer(response.status, body_received, _header(response, b"retry-after"))

    def check(self, url: str, *, seconds: float = 3) -> None:
        """Raise the `OutboundError` that a request to `url` would raise, without a request.

        A host name can resolve to another address later, so each request checks again.
        """
        target = Target.parse(url)
        self._require_port(target)
        self._network(target, Deadline(seconds)).addresses()

    def _network(self, target: Target, deadline: Deadline) -> network.CheckedNetwork:
        return network.CheckedNetwork(target, deadline, self._networks, self._resolve)

    def _require_port(self, target: Target) -> None:
        if target.port not in self._ports:
            allowed = ", ".join(str(port) for port in sorted(self._ports))
            raise UrlRefused(
                f"Port {target.port} is not allowed; the allowed ports are {allowed}.",
                limit=sorted(self._ports),
                actual=target.port,
            )

    @contextmanager
    def _exchange(
        self,
        method: str,
        target: Target,
        deadline: Deadline,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Iterator[httpcore.Response]:
        """Make one request over a new connection, and close it even if data is unread."""
        self._require_port(target)
        ours = {
            "host": target.authority,
            "user-agent": "image-processing-service",
            "accept-encoding": "identity",
            "connection": "close",
        }
        sent = {**{name.lower(): value for name, value in headers.items()}, **ours}
        address = httpcore.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        connection = httpcore.HTTPConnection(
            address.origin,
            ssl_context=(self._tls or verified_tls()) if target.scheme == "https" else None,
            network_backend=self._network(target, deadline),
        )
        try:
            with (
                connection,
                connection.stream(
                    method, address, headers=list(sent.items()), content=body
                ) as response,
            ):
                yield response
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise RemoteUnavailable(
                f"{target.host} closed the connection or does not speak HTTP."
            ) from error


def _header(response: httpcore.Response, name: bytes) -> str:
    """Return the header's value, or "" if it is missing."""
    for key, value in response.headers:
        if key.lower() == name:
            return value.decode("utf-8", errors="replace").strip()
    return ""


def _require_ok(response: httpcore.Response, target: Target) -> None:
    status = response.status
    if status != 200:
        kind = RemoteUnavailable if status >= 500 or status in _LATER else RemoteRefused
        raise kind(f"{target.host} answered {status}.", actual=status)
    encoding = _header(response, b"content-encoding").lower()
    if encoding not in ("", "identity"):
        raise ResponseRefused(
            f"{target.host} compressed its answer ({encoding[:20]}), which was not requested."
        )


def _bounded(response: httpcore.Response, most: int) -> Iterator[bytes]:
    """Yield the body in chunks; raise `ResponseTooLarge` before yielding more than `most` bytes."""
    announced = _header(response, b"content-length")
    size = int(announced) if announced.isdecimal() else 0
    if size <= most:
        size = 0
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > most:
                break
            yield chunk
        else:
            return
    raise ResponseTooLarge(
        f"The answer has at least {size} bytes; the limit is {most}.", limit=most, actual=size
    )
