"""The session cookies of a browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from accounts.access.tokens import TokenPair

SIGNED_IN = "signed_in"


def access_token(request: Request) -> str:
    """Return the access token in the request's cookies, or ""."""
    return request.COOKIES.get(settings.REST_AUTH["JWT_AUTH_COOKIE"], "")


def refresh_token(request: Request) -> str:
    """Return the refresh token in the request's cookies, or ""."""
    return request.COOKIES.get(settings.REST_AUTH["JWT_AUTH_REFRESH_COOKIE"], "")


def store(response: HttpResponseBase, pair: TokenPair) -> None:
    """Set `access`, `refresh` and the marker `signed_in`.

    A cookie lives as long as its token, because clients take its presence for a session. The
    marker lives as long as the refresh token.
    """
    now = timezone.now()
    values = (
        (pair.access, pair.access_expires),
        (pair.refresh, pair.refresh_expires),
        ("1", pair.refresh_expires),
    )
    for name, path, (value, expires) in zip(_names(), _paths(), values, strict=True):
        age = max(0, round((expires - now).total_seconds()))
        response.set_cookie(name, value, path=path, max_age=age, **_attributes())


def clear(response: HttpResponseBase) -> None:
    """Delete the three cookies in the browser."""
    samesite = settings.REST_AUTH["JWT_AUTH_SAMESITE"]
    for name, path in zip(_names(), _paths(), strict=True):
        response.delete_cookie(name, path=path, samesite=samesite)


def _names() -> tuple[str, str, str]:
    names = settings.REST_AUTH
    return names["JWT_AUTH_COOKIE"], names["JWT_AUTH_REFRESH_COOKIE"], SIGNED_IN


def _paths() -> tuple[str, str, str]:
    return "/", settings.REST_AUTH["JWT_AUTH_REFRESH_COOKIE_PATH"], "/"


def _attributes() -> dict[str, Any]:
    """`signed_in` is HttpOnly too: only the server reads it, to route pages."""
    return {
        "secure": settings.REST_AUTH["JWT_AUTH_SECURE"],
        "httponly": settings.REST_AUTH["JWT_AUTH_HTTPONLY"],
        "samesite": settings.REST_AUTH["JWT_AUTH_SAMESITE"],
    }
