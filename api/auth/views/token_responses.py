"""The responses that hand out the tokens of a session, in cookies and in the body.

`X-Auth-Mode: cookie` keeps the tokens out of the body, where scripts could read them.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.tokens import mint
from accounts.models import RefreshFamily
from api.auth import cookies
from api.auth.serializers.users import UserSerializer


def session_response(
    request: Request,
    family: RefreshFamily,
    *,
    status: int = 200,
    user_serializer: type[UserSerializer] = UserSerializer,
) -> Response:
    """The tokens and the user."""
    response = pair_response(request, family)
    response.data["user"] = user_serializer(family.user, context={"request": request}).data
    response.status_code = status
    return response


def pair_response(
    request: Request, family: RefreshFamily, *, cookies_only: bool = False
) -> Response:
    """The tokens; `cookies_only` acts like `X-Auth-Mode: cookie`.

    They go by the names of dj-rest-auth 2, which are those of OAuth 2 (RFC 6749, section 5.1), and
    by those of simplejwt: clients look for either.
    """
    pair = mint(family)
    body: dict[str, Any] = {}
    if not cookies_only and request.headers.get("X-Auth-Mode", "").lower() != "cookie":
        body = {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "access": pair.access,
            "refresh": pair.refresh,
            "token_type": "Bearer",
            "expires_in": round((pair.access_expires - timezone.now()).total_seconds()),
        }
    body["access_expiration"] = pair.access_expires
    body["refresh_expiration"] = pair.refresh_expires
    response = Response(body)
    cookies.store(response, pair)
    return response
