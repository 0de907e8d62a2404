"""Strict parsing of URLs. A URL that two programs could read differently is refused."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import idna

from utils.outbound.addresses import Address
from utils.outbound.errors import UrlRefused

MAX_LENGTH = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# Some programs read a host whose last label is a number as IPv4: 127.1, 0x7f000001.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")
# Characters that have a meaning in paths and queries, and the % of characters that are quoted.
_KEPT = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a request. `host` is an ASCII name or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None

    @classmethod
    def parse(cls, url: str) -> Target:
        """Parse a URL. Raises `UrlRefused` for a URL that is not allowed."""
        if len(url) > MAX_LENGTH:
            raise UrlRefused(
                f"The address has {len(url)} characters; the limit is {MAX_LENGTH}.",
                limit=MAX_LENGTH,
                actual=len(url),
            )
        if _INVISIBLE.search(url):
            raise UrlRefused("The address has a space or an invisible character.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UrlRefused("The address is malformed.") from error
        if parts.scheme not in DEFAULT_PORTS:
            raise UrlRefused("The address must start with http:// or https://.")
        if "@" in parts.netloc:
            raise UrlRefused("The address must not hold a user name or a password.")
        host, address = _host(parts.hostname or "", bracketed="[" in parts.netloc)
        path = quote(parts.path or "/", safe=_KEPT)
        query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
        port = DEFAULT_PORTS[parts.scheme] if port is None else port
        return cls(parts.scheme, host, port, path + query, address)

    def redirected(self, location: str) -> Target:
        """Return the target of a `Location` header. Raises `UrlRefused`."""
        if _INVISIBLE.search(location):  # urljoin would drop some of them
            raise UrlRefused("The other server redirects to a malformed address.")
        try:
            return self.parse(urljoin(self.url, location))
        except ValueError as error:
            raise UrlRefused("The other server redirects to a malformed address.") from error

    @property
    def authority(self) -> str:
        """Host and port in the form of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def _host(text: str, *, bracketed: bool) -> tuple[str, Address | None]:
    """Return (host name or IP address, the parsed IP address or None)."""
    if bracketed:
        try:
            six = ipaddress.IPv6Address(text)
        except ValueError as error:
            raise UrlRefused("The address between the brackets is not an IPv6 address.") from error
        if six.scope_id:
            raise UrlRefused("The address must not name a network interface.")
        return str(six), six
    try:
        name = text if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise UrlRefused("The host name is not valid.") from error
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            four = ipaddress.IPv4Address(name)
        except ValueError as error:
            raise UrlRefused("An IPv4 address is written as four numbers from 0 to 255.") from error
        return str(four), four
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("The host name is not valid.")
    return name, None
