"""The two tokens of a session: signed by simplejwt, tied to a `RefreshFamily`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from django.utils import timezone
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.state import token_backend
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token, UntypedToken

from accounts.models import RefreshFamily
from utils.errors import DomainError

FAMILY_CLAIM = "family"


class TokenExpired(DomainError):
    code = "token_expired"
    status = 401
    title = "Token expired"


class TokenInvalid(DomainError):
    code = "token_invalid"
    status = 401
    title = "Token not valid"


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The encoded tokens of a session and when they expire (UTC)."""

    access: str
    refresh: str
    access_expires: datetime
    refresh_expires: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a token with a valid signature."""

    family: uuid.UUID
    user_id: str
    jti: str
    kind: str


def mint(family: RefreshFamily) -> TokenPair:
    """Issue the family's current pair; a repeated refresh token differs only in `iat`."""
    refresh = _token(RefreshToken(), family)
    refresh[api_settings.JTI_CLAIM] = family.current
    refresh["exp"] = int(family.expires_at.timestamp())
    access = _token(AccessToken(), family)
    access_expires = min(timezone.now() + api_settings.ACCESS_TOKEN_LIFETIME, family.expires_at)
    access["exp"] = int(access_expires.timestamp())
    return TokenPair(str(access), str(refresh), access_expires, family.expires_at)


def _token(token: Any, family: RefreshFamily) -> Any:
    token[api_settings.USER_ID_CLAIM] = str(family.user_id)
    token[FAMILY_CLAIM] = family.id.hex
    return token


def read_access(raw: str) -> Claims:
    """Return the claims of an access token; raise `TokenExpired` or `TokenInvalid`."""
    return _read(raw, AccessToken)


def read_refresh(raw: str) -> Claims:
    """Return the claims of a refresh token; raise `TokenExpired` or `TokenInvalid`."""
    return _read(raw, RefreshToken)


def read_any(raw: str) -> Claims:
    """Return the claims of an access or refresh token; raise `TokenExpired` or `TokenInvalid`."""
    return _read(raw, UntypedToken)


def family_of(raw: str) -> uuid.UUID | None:
    """Return the family of a token that this service signed, even if it has expired; else None."""
    try:
        payload = jwt.decode(
            raw,
            token_backend.prepared_signing_key,
            algorithms=[token_backend.algorithm],
            options={"verify_exp": False},
        )
        return _claims(payload).family
    except (jwt.InvalidTokenError, RecursionError, TokenInvalid):
        return None


def _read(raw: str, kind: type[Token]) -> Claims:
    try:
        payload = kind(raw).payload  # type: ignore[arg-type]  # its stub requires a Token
    except ExpiredTokenError as error:
        raise TokenExpired("The token has expired. Refresh it and try again.") from error
    except (TokenError, RecursionError) as error:
        # The header is parsed before the signature is checked, so it can be nested deeply.
        raise TokenInvalid(
            "The token was not issued by this service, or it is of the wrong kind."
        ) from error
    return _claims(payload)


def _claims(payload: dict[str, Any]) -> Claims:
    try:
        return Claims(
            family=uuid.UUID(payload[FAMILY_CLAIM]),
            user_id=str(payload[api_settings.USER_ID_CLAIM]),
            jti=str(payload[api_settings.JTI_CLAIM]),
            kind=str(payload[api_settings.TOKEN_TYPE_CLAIM]),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TokenInvalid("The token does not name its session.") from error
