"""`token/`: the routes of simplejwt, over token families."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import sessions
from accounts.models import User
from accounts.tokens import TokenInvalid, read_any, read_refresh
from api.auth import cookies
from api.auth.serializers.sessions import (
    RefreshSerializer,
    TokenPairSerializer,
    TokenRequestSerializer,
    TokenSerializer,
)
from api.auth.serializers.sign_in import INVALID_CREDENTIALS
from api.auth.views.answers import CookieGivingViewSet, PublicViewSet, session_answer
from api.http.origin import require_allowed_origin
from api.schema import AUTH_MODE, problems
from utils import audit
from utils.errors import DomainError

_NAMES = ("access", "refresh")


class InvalidCredentials(DomainError):
    code = INVALID_CREDENTIALS
    status = 401
    title = "Unable to log in with provided credentials"


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    status = 401
    title = "Authentication credentials were not provided"


class TokenViewSet(CookieGivingViewSet):
    """Tokens for a user name or e-mail and a password."""

    rate_scope = "login"

    @extend_schema(
        request=TokenRequestSerializer,
        parameters=[AUTH_MODE],
        responses={200: TokenPairSerializer, **problems(401, 403)},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = TokenRequestSerializer(data=request.data, context={"request": request})
        try:
            serializer.is_valid(raise_exception=True)
        except exceptions.ValidationError as error:
            raise _as_credentials(error) from error
        user: User = serializer.validated_data["user"]
        family = sessions.start(user)
        audit.record("login", user_id=user.pk)
        return session_answer(request, family, names=_NAMES)


def _as_credentials(error: exceptions.ValidationError) -> Exception:
    """401 instead of 400 when the body is well-formed and only the person is not, as simplejwt."""
    detail: Any = error.detail
    messages = detail.get("non_field_errors", []) if isinstance(detail, dict) else []
    if [message.code for message in messages] == [INVALID_CREDENTIALS]:
        return InvalidCredentials()
    return error


class TokenRefreshViewSet(PublicViewSet):
    """Exchange a refresh token, from the body or else the cookie, for a new pair.

    Cookies that are refused are cleared, so that pages know that nobody is signed in.
    """

    by_cookie = False

    @extend_schema(
        request=RefreshSerializer,
        parameters=[AUTH_MODE],
        responses={200: TokenPairSerializer, **problems(401, 403)},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        raw = serializer.validated_data.get("refresh")
        if not raw:
            raw = cookies.refresh_token(request)
            self.by_cookie = bool(raw)
        require_allowed_origin(request, by_cookie=self.by_cookie)
        if not raw:
            raise NotAuthenticated("Give a refresh token, as `refresh` or as a cookie.")
        family = sessions.rotate(read_refresh(raw))
        return session_answer(request, family, names=_NAMES, cookies_only=self.by_cookie)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if self.by_cookie and response.status_code == 401:
            cookies.clear(response)
        return response


class TokenVerifyViewSet(PublicViewSet):
    """Whether a token, of either kind, would be accepted."""

    @extend_schema(
        request=TokenSerializer,
        responses={
            200: OpenApiResponse({"type": "object"}, description="It would."),
            **problems(401),
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = TokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        claims = read_any(serializer.validated_data["token"])
        family = sessions.find(claims)
        if claims.kind == "refresh" and claims.jti != family.current:
            raise TokenInvalid("This refresh token has been exchanged for another one.")
        return Response({})
