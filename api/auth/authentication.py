"""Authentication by Bearer token, API key or cookie."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.access import api_keys, sessions
from accounts.access.sessions import SessionRevoked
from accounts.access.tokens import TokenExpired, TokenInvalid, read_access
from accounts.models import ApiKey, RefreshFamily, User
from api.auth import cookies
from api.auth.permissions import scopes_help, scopes_of
from api.http import throttling
from api.http.origin import SAFE_METHODS, require_allowed_origin


class TokenAuthentication(BaseAuthentication):
    """Set `request.user` to the user and `request.auth` to the session or API key, in one query.

    The `Authorization` header takes precedence over the cookies. Unknown schemes are ignored: a
    proxy in front of the service may ask for a password of its own.
    """

    def authenticate(self, request: Request) -> tuple[User, RefreshFamily | ApiKey] | None:
        try:
            return self._find(request)
        except (TokenInvalid, SessionRevoked):
            # The throttles of the view count only what has been authenticated.
            throttling.require_within(request, "bad_tokens", by_address=True)
            raise

    def _find(self, request: Request) -> tuple[User, RefreshFamily | ApiKey] | None:
        scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        match scheme.lower():
            case "bearer":
                return self._session(credentials.strip())
            case "api-key":
                key = api_keys.find(credentials.strip())
                return key.user, key
        raw = cookies.access_token(request)
        if not raw:
            if cookies.refresh_token(request):
                raise TokenExpired("The access token has expired. Refresh it and try again.")
            return None
        if request.method not in SAFE_METHODS:
            require_allowed_origin(request, by_cookie=True)
        return self._session(raw)

    def _session(self, raw: str) -> tuple[User, RefreshFamily]:
        family = sessions.find(read_access(raw))
        return family.user, family

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class TokenAuthenticationScheme(OpenApiAuthenticationExtension):
    """Describes `TokenAuthentication` in the OpenAPI document."""

    target_class = TokenAuthentication
    name = ["bearer", "cookie", "api_key"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Return alternatives: several objects mean any of them, one object would mean all."""
        scopes = [scope.value for scope in scopes_of(auto_schema.view)]
        by_key = [{"api_key": scopes}] if scopes else []
        return [{"bearer": []}, {"cookie": []}, *by_key]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "The access token of `auth/login/` or `token/`.",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "access",
                "description": (
                    "Set by `auth/login/`. Requests with it that change something must come from "
                    "an allowed origin, else 403 `origin_not_allowed`."
                ),
            },
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": (
                    "`Api-Key <key>`, with a key from `auth/api-keys/`. The key may do what its "
                    f"scopes allow, else 403 `scope_missing`: {scopes_help()}. API keys cannot use "
                    "routes that name no scope."
                ),
            },
        ]
