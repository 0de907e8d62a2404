"""Requests to addresses that users chose, without leading inside the operator's network.

`Client().fetch(url, into=file, most_bytes=..., seconds=...)` gets a file, following redirects;
`Client().post(url, body, headers=..., seconds=...)` delivers a message, following none;
`Client().check(url)` says beforehand whether an address could be used at all. Every failure is an
`OutboundError`, whose `transient` says whether the same may work later.

The address that was checked is the address connected to: names are resolved here, once for each
connection, and the connection is made to the number.
"""

from utils.outbound.client import Answer, Client, Fetched
from utils.outbound.errors import (
    AddressForbidden,
    HostUnknown,
    OutboundError,
    RemoteRefused,
    RemoteTimeout,
    RemoteUnavailable,
    ResponseRefused,
    ResponseTooLarge,
    TlsFailed,
    TooManyRedirects,
    UrlRefused,
)
from utils.outbound.target import Target

__all__ = [
    "AddressForbidden",
    "Answer",
    "Client",
    "Fetched",
    "HostUnknown",
    "OutboundError",
    "RemoteRefused",
    "RemoteTimeout",
    "RemoteUnavailable",
    "ResponseRefused",
    "ResponseTooLarge",
    "Target",
    "TlsFailed",
    "TooManyRedirects",
    "UrlRefused",
]
