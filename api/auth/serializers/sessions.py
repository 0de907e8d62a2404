"""The bodies and answers of the routes that issue, exchange and verify tokens."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.auth.serializers.sign_in import LoginSerializer
from api.auth.serializers.users import UserSerializer
from api.requests.strict import EmailField, StrictSerializer, TextField

_MAX_TOKEN = 4096
_BODY = "Left out if the request has the header `X-Auth-Mode: cookie`."


class TokenPairSerializer(serializers.Serializer):
    """A pair of tokens, each under the two names that clients look for."""

    access_token = serializers.CharField(required=False, help_text=_BODY)
    refresh_token = serializers.CharField(required=False, help_text=_BODY)
    access = serializers.CharField(required=False, help_text=f"`access_token`. {_BODY}")
    refresh = serializers.CharField(required=False, help_text=f"`refresh_token`. {_BODY}")
    token_type = serializers.CharField(required=False, help_text=f"`Bearer`. {_BODY}")
    expires_in = serializers.IntegerField(
        required=False, help_text=f"Seconds until the access token expires. {_BODY}"
    )
    access_expiration = serializers.DateTimeField()
    refresh_expiration = serializers.DateTimeField()


class SessionSerializer(TokenPairSerializer):
    """A new session."""

    user = UserSerializer()


class TokenRequestSerializer(LoginSerializer):
    """`username` or `email`, and `password`."""


def _token_field(help_text: str) -> TextField:
    return TextField(
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=_MAX_TOKEN,
        help_text=help_text,
    )


class RefreshSerializer(StrictSerializer):
    """The refresh token, unless the request has it as a cookie."""

    refresh = _token_field("The refresh token.")
    refresh_token = _token_field("Another name of `refresh`: `auth/login/` answers it under this.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return only `refresh`."""
        given = {attrs.get(name) or "" for name in ("refresh", "refresh_token")} - {""}
        if len(given) > 1:
            problem = ErrorDetail("refresh and refresh_token are two different tokens.", "conflict")
            raise serializers.ValidationError({"refresh_token": [problem]})
        return {"refresh": given.pop() if given else ""}


class TokenSerializer(StrictSerializer):
    """An access or refresh token."""

    token = TextField(max_length=_MAX_TOKEN)


class DetailSerializer(serializers.Serializer):
    """A sentence about the outcome."""

    detail = serializers.CharField()


class VerifyEmailSerializer(StrictSerializer):
    """The `key` from the link in the mail."""

    key = TextField(max_length=512)


class EmailSerializer(StrictSerializer):
    """An e-mail address."""

    email = EmailField(max_length=254)


class CurrentPasswordSerializer(StrictSerializer):
    """The current password."""

    password = TextField(max_length=128, trim_whitespace=False, style={"input_type": "password"})
