"""Requests to URLs that users chose, without reaching into the operator's network.

`Client().fetch(url, into=file, most_bytes=..., seconds=...)` downloads a file and follows
redirects. `Client().post(url, body, headers=..., seconds=...)` delivers a message and follows no
redirect. `Client().check(url)` checks a URL without a request. Every failure is an
`OutboundError`; its `transient` says whether the same call may succeed later.

A connection goes to the IP address that was checked: each host name is resolved here, once per
connection.
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
