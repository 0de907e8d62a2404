"""The body of a sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as allauth_settings
from dj_rest_auth.serializers import LoginSerializer as BaseLoginSerializer
from rest_framework import serializers

from accounts import lockout
from accounts.email_addresses import email_of
from accounts.models import User
from api.requests.strict import TextField
from utils.errors import DomainError

INVALID_CREDENTIALS = "invalid_credentials"

_MAX_PASSWORD = 128
_MAX_LOGIN = 254


class EmailNotVerified(DomainError):
    code = "email_not_verified"
    status = 403
    title = "The e-mail address has not been confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Follow the link in the mail first, or ask for another one by "
            "auth/registration/resend-email/."
        )


class PasswordField(TextField):
    """A password as typed: spaces at its ends belong to it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _MAX_PASSWORD)
        style = {"input_type": "password"}
        super().__init__(write_only=True, trim_whitespace=False, style=style, **kwargs)


class LoginSerializer(BaseLoginSerializer):
    """`username` or `email`, either of which may hold the other, and `password`."""

    username = TextField(required=False, allow_blank=True, max_length=_MAX_LOGIN)
    email = TextField(required=False, allow_blank=True, max_length=_MAX_LOGIN)
    password = PasswordField()

    def get_auth_user(self, username: str | None, email: str | None, password: str) -> User:
        login = username or email
        if not login:
            raise serializers.ValidationError(
                'Must include either "username" or "email" and "password".', code="required"
            )
        user = lockout.check_password(self.context["request"], login, password)
        if user is None:
            raise serializers.ValidationError(
                "Unable to log in with provided credentials.", code=INVALID_CREDENTIALS
            )
        return user

    @staticmethod
    def validate_email_verification_status(user: User, email: str | None = None) -> None:
        method = allauth_settings.EmailVerificationMethod.MANDATORY
        if method == allauth_settings.EMAIL_VERIFICATION and not email_of(user).verified:
            raise EmailNotVerified
