"""The errors of requests to other servers.

Messages name the host that the user gave, never the IP address behind it. Otherwise users could
learn the operator's internal names and ports from them.
"""

from __future__ import annotations

from utils.errors import DomainError


class OutboundError(DomainError):
    """Base class; a call that failed with a `transient` error may succeed later."""

    code = "outbound_failed"
    status = 422
    title = "Request to another server failed"


class UrlRefused(OutboundError):
    code = "url_refused"
    status = 400
    title = "Address not allowed"


class AddressForbidden(OutboundError):
    code = "address_forbidden"
    title = "Address not on the public internet"


class HostUnknown(OutboundError):
    code = "host_unknown"
    title = "Host not found"


class TooManyRedirects(OutboundError):
    code = "too_many_redirects"
    title = "Too many redirects"


class ResponseTooLarge(OutboundError):
    code = "response_too_large"
    title = "Response of the other server too large"


class ResponseRefused(OutboundError):
    code = "response_refused"
    title = "Response of the other server unusable"


class RemoteRefused(OutboundError):
    code = "remote_refused"
    title = "Request refused by the other server"


class TlsFailed(OutboundError):
    code = "tls_failed"
    title = "Certificate of the other server invalid"


class RemoteTimeout(OutboundError):
    code = "remote_timeout"
    status = 503
    title = "Other server too slow"
    transient = True


class RemoteUnavailable(OutboundError):
    code = "remote_unavailable"
    status = 503
    title = "Other server unavailable"
    transient = True
