"""The responses that hand out the tokens of a session, in cookies and in the body.

`X-Auth-Mode: cookie` keeps the tokens out of the body, where scripts could read them.
"""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import RefreshFamily
from accounts.tokens import mint
from api.auth import cookies
from api.auth.serializers.users import UserSerializer


def session_response(
    request: Request,
    family: RefreshFamily,
    *,
    status: int = 200,
    user_serializer: type[UserSerializer] = UserSerializer,
) -> Response:
    """The tokens under the names of dj-rest-auth 2, and the user."""
    response = _token_response(request, family, "access_token", "refresh_token")
    response.data["user"] = user_serializer(family.user, context={"request": request}).data
    response.status_code = status
    return response


def pair_response(
    request: Request, family: RefreshFamily, *, cookies_only: bool = False
) -> Response:
    """The tokens under simplejwt's names; `cookies_only` acts like `X-Auth-Mode: cookie`."""
    return _token_response(request, family, "access", "refresh", cookies_only=cookies_only)


def _token_response(
    request: Request,
    family: RefreshFamily,
    access_name: str,
    refresh_name: str,
    *,
    cookies_only: bool = False,
) -> Response:
    pair = mint(family)
    body: dict[str, Any] = {}
    if not cookies_only and request.headers.get("X-Auth-Mode", "").lower() != "cookie":
        body = {access_name: pair.access, refresh_name: pair.refresh}
    body["access_expiration"] = pair.access_expires
    body["refresh_expiration"] = pair.refresh_expires
    response = Response(body, headers={"Cache-Control": "no-store"})
    cookies.store(response, pair)
    return response
