"""Protection against cross-site requests: with cookies, only allowed origins may send requests.

A browser also sends cookies with the requests of foreign pages. The origin of a request is known
by the header `Origin`, else `Sec-Fetch-Site`, else `Referer`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.request import Request

from utils.errors import DomainError

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginNotAllowed(DomainError):
    code = "origin_not_allowed"
    status = 403
    title = "Origin not allowed"


def require_allowed_origin(request: Request, *, by_cookie: bool) -> None:
    """Raise `OriginNotAllowed` unless the request comes from an allowed origin.

    Programs send none of the three headers. Such a request is allowed unless a cookie
    authenticates it (`by_cookie`): without a cookie, a foreign page has nothing to misuse.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    referer = request.headers.get("Referer")
    if origin is not None:
        allowed, said = _normal(origin) in _allowed(request), f"Origin: {origin}"
    elif site is not None:
        # "none": the user entered the address or opened a bookmark.
        allowed, said = site in ("same-origin", "none"), f"Sec-Fetch-Site: {site}"
    elif referer is not None:
        allowed, said = _normal(referer) in _allowed(request), f"Referer: {referer}"
    else:
        allowed, said = not by_cookie, "neither Origin, Sec-Fetch-Site nor Referer"
    if not allowed:
        raise OriginNotAllowed(
            f"A request that uses cookies must come from an allowed origin; this one has {said}."
        )


def _allowed(request: Request) -> set[str | None]:
    own = f"{request.scheme}://{request.get_host()}"
    origins = {_normal(text) for text in (settings.PUBLIC_URL, own, *settings.CORS_ALLOWED_ORIGINS)}
    return origins - {None}


def _normal(text: str) -> str | None:
    """`scheme://host:port` of an origin or address, lower case; None if the text has none."""
    try:
        parts = urlsplit(text)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if port is None or not parts.hostname:
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}"
