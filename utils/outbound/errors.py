"""What can go wrong with a request to somebody else's server.

Messages name the host as given, never the address behind it: whoever chose the address could
otherwise read the operator's internal names and ports out of them.
"""

from __future__ import annotations

from utils.errors import DomainError


class OutboundError(DomainError):
    """Base class. The permanent ones will fail again; the transient ones may not."""

    code = "outbound_failed"
    status = 422
    title = "The other server could not be used"


class UrlRefused(OutboundError):
    code = "url_refused"
    status = 400
    title = "This address cannot be used"


class AddressForbidden(OutboundError):
    code = "address_forbidden"
    title = "This address is not on the public internet"


class HostUnknown(OutboundError):
    code = "host_unknown"
    title = "There is no such host"


class TooManyRedirects(OutboundError):
    code = "too_many_redirects"
    title = "The other server redirects too often"


class ResponseTooLarge(OutboundError):
    code = "response_too_large"
    title = "The other server's answer is too large"


class ResponseRefused(OutboundError):
    code = "response_refused"
    title = "The other server's answer cannot be used"


class RemoteRefused(OutboundError):
    code = "remote_refused"
    title = "The other server refused"


class TlsFailed(OutboundError):
    code = "tls_failed"
    title = "The other server's certificate is not valid"


class RemoteTimeout(OutboundError):
    code = "remote_timeout"
    status = 503
    title = "The other server took too long"
    transient = True


class RemoteUnavailable(OutboundError):
    code = "remote_unavailable"
    status = 503
    title = "The other server does not answer properly"
    transient = True
