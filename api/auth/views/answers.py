"""What the auth views share: being public, and handing out a session."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.models import RefreshFamily
from accounts.tokens import mint
from api.auth import cookies
from api.auth.serializers.users import UserSerializer
from api.http.origin import require_allowed_origin


class PublicViewSet(ViewSet):
    """Anybody may call it; an expired or broken cookie does not get in the way."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class CookieGivingViewSet(PublicViewSet):
    """Signs somebody in by a body: no foreign page may do that in a person's browser."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            require_allowed_origin(request, by_cookie=False)


def session_answer(
    request: Request,
    family: RefreshFamily,
    *,
    names: tuple[str, str],
    status: int = 200,
    user_as: type[UserSerializer] | None = None,
    cookies_only: bool = False,
) -> Response:
    """The family's current pair as cookies and, under these names, in the body,
    with the user where a serializer says how to show one.

    `X-Auth-Mode: cookie` keeps them out of the body, where scripts could read them.
    """
    pair = mint(family)
    body: dict[str, Any] = {}
    if not cookies_only and request.headers.get("X-Auth-Mode", "").lower() != "cookie":
        body = dict(zip(names, (pair.access, pair.refresh), strict=True))
    body["access_expiration"] = pair.access_expires
    body["refresh_expiration"] = pair.refresh_expires
    if user_as:
        body["user"] = user_as(family.user, context={"request": request}).data
    response = Response(body, status=status, headers={"Cache-Control": "no-store"})
    cookies.store(response, pair)
    return response
