"""The bodies and answers of the routes that issue, exchange and verify tokens."""

from __future__ import annotations

from rest_framework import serializers

from api.auth.serializers.sign_in import LoginSerializer
from api.auth.serializers.users import UserSerializer
from api.requests.strict import EmailField, TextField

_MAX_TOKEN = 4096
_BODY = "Left out if the request has the header `X-Auth-Mode: cookie`."


class SessionSerializer(serializers.Serializer):
    """A new session."""

    access_token = serializers.CharField(required=False, help_text=_BODY)
    refresh_token = serializers.CharField(required=False, help_text=_BODY)
    access_expiration = serializers.DateTimeField()
    refresh_expiration = serializers.DateTimeField()
    user = UserSerializer()


class TokenPairSerializer(serializers.Serializer):
    """A pair of tokens."""

    access = serializers.CharField(required=False, help_text=_BODY)
    refresh = serializers.CharField(required=False, help_text=_BODY)
    access_expiration = serializers.DateTimeField()
    refresh_expiration = serializers.DateTimeField()


class TokenRequestSerializer(LoginSerializer):
    """`username` or `email`, and `password`."""


class RefreshSerializer(serializers.Serializer):
    """The refresh token, unless the request has it as a cookie."""

    refresh = TextField(required=False, allow_blank=True, allow_null=True, max_length=_MAX_TOKEN)


class TokenSerializer(serializers.Serializer):
    """An access or refresh token."""

    token = TextField(max_length=_MAX_TOKEN)


class DetailSerializer(serializers.Serializer):
    """A sentence about the outcome."""

    detail = serializers.CharField()


class VerifyEmailSerializer(serializers.Serializer):
    """The `key` from the link in the mail."""

    key = TextField(max_length=512)


class EmailSerializer(serializers.Serializer):
    """An e-mail address."""

    email = EmailField(max_length=254)


class CurrentPasswordSerializer(serializers.Serializer):
    """The current password."""

    password = TextField(max_length=128, trim_whitespace=False, style={"input_type": "password"})
