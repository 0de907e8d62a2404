"""`token/`: the routes of simplejwt, on top of token families."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import sessions
from accounts.access.tokens import TokenInvalid, read_any, read_refresh
from api.auth import cookies
from api.auth.serializers.sessions import (
    RefreshSerializer,
    TokenPairSerializer,
    TokenRequestSerializer,
    TokenSerializer,
)
from api.auth.serializers.sign_in import INVALID_CREDENTIALS
from api.auth.views.public import OwnPagesViewSet, PublicViewSet
from api.auth.views.token_responses import pair_response
from api.http.origin import require_allowed_origin
from api.schema import AUTH_MODE, problems
from utils import audit
from utils.errors import DomainError


class InvalidCredentials(DomainError):
    code = INVALID_CREDENTIALS
    status = 401
    title = "Sign-in failed"


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    status = 401
    title = "Refresh token missing"


class TokenViewSet(OwnPagesViewSet):
    """Issue tokens for a user name or e-mail address and a password."""

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
            raise _translate_error(error) from error
        user = serializer.validated_data["user"]
        family = sessions.start(user)
        audit.record("login", user_id=user.pk)
        return pair_response(request, family)


def _translate_error(error: exceptions.ValidationError) -> Exception:
    """Turn wrong credentials in a valid body into 401, as simplejwt does; keep other errors."""
    detail: Any = error.detail
    messages = detail.get("non_field_errors", []) if isinstance(detail, dict) else []
    if [message.code for message in messages] == [INVALID_CREDENTIALS]:
        return InvalidCredentials(str(messages[0]))
    return error


class TokenRefreshViewSet(PublicViewSet):
    """Exchange a refresh token, from the body or else the cookie, for a new pair.

    Rejected cookies are cleared, so that the page knows that nobody is signed in.
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
        raw = serializer.validated_data["refresh"] or self.token_of_query(request)
        if not raw:
            raw = cookies.refresh_token(request)
            self.by_cookie = bool(raw)
        require_allowed_origin(request, by_cookie=self.by_cookie)
        if not raw:
            raise NotAuthenticated("Send a refresh token as `refresh` in the body or as a cookie.")
        family = sessions.rotate(read_refresh(raw))
        return pair_response(request, family, cookies_only=self.by_cookie)

    def token_of_query(self, request: Request) -> str:
        """Return "": a token in an address ends up in logs."""
        return ""

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if self.by_cookie and response.status_code == 401:
            cookies.clear(response)
        return response


class TokenVerifyViewSet(PublicViewSet):
    """Check whether an access or refresh token would be accepted."""

    @extend_schema(
        request=TokenSerializer,
        responses={
            200: OpenApiResponse({"type": "object"}, description="The token would be accepted."),
            **problems(401),
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = TokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        claims = read_any(serializer.validated_data["token"])
        family = sessions.find(claims)
        if claims.kind == "refresh" and claims.jti != family.current:
            raise TokenInvalid("This refresh token has already been exchanged.")
        return Response({})
