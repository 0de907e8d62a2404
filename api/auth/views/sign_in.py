"""Signing in and out."""

from __future__ import annotations

from typing import Any

from dj_rest_auth.views import LoginView
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import sessions
from accounts.access.tokens import family_of
from api.auth import cookies
from api.auth.serializers.sessions import DetailSerializer, RefreshSerializer, SessionSerializer
from api.auth.views.public import OwnPagesViewSet, PublicViewSet
from api.auth.views.token_responses import session_response
from api.http.origin import require_allowed_origin
from api.schema import AUTH_MODE, problems
from utils import audit


@extend_schema_view(
    post=extend_schema(parameters=[AUTH_MODE], responses={200: SessionSerializer, **problems(403)})
)
class LoginViewSet(OwnPagesViewSet, LoginView):
    """Sign in by user name or e-mail address; the tokens come as cookies and in the body."""

    rate_scope = "login"

    def login(self) -> None:
        """Start a token family, so that the session can be ended; the base issues bare tokens."""
        self.user = self.serializer.validated_data["user"]
        self.family = sessions.start(self.user)
        audit.record("login", user_id=self.user.pk)

    def get_response(self) -> Response:
        """Name the tokens as dj-rest-auth 2 does, and set the cookie `signed_in`."""
        return session_response(self.request, self.family)


class LogoutViewSet(PublicViewSet):
    """End the session of the refresh token (body or cookie) or else of the access token."""

    # dj-rest-auth's LogoutView is not used: it does not know token families, so it ends nothing.
    @extend_schema(request=RefreshSerializer, responses={200: DetailSerializer, **problems(403)})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        scheme, _, bearer = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        token = serializer.validated_data.get("refresh")
        if not token and scheme.lower() == "bearer":
            token = bearer.strip()
        from_cookie = cookies.refresh_token(request) or cookies.access_token(request)
        require_allowed_origin(request, by_cookie=not token and bool(from_cookie))
        family_id = family_of(token or from_cookie)
        user_id = sessions.end(family_id) if family_id else None
        if user_id is not None:
            audit.record("logout", user_id=user_id, family=str(family_id))
        response = Response({"detail": "Successfully logged out."})
        cookies.clear(response)
        return response
