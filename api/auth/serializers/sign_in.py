"""The body of a sign-in."""

from __future__ import annotations

from typing import Any

from dj_rest_auth.serializers import LoginSerializer as BaseLoginSerializer
from rest_framework import serializers

from accounts.access import lockout
from accounts.email_addresses import confirmation_is_mandatory, get_email_address
from accounts.models import User
from api.requests.strict import StrictSerializer, TextField
from utils.errors import DomainError

INVALID_CREDENTIALS = "invalid_credentials"

_MAX_PASSWORD = 128
_MAX_LOGIN = 254


class EmailNotVerified(DomainError):
    code = "email_not_verified"
    status = 403
    title = "E-mail address not confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Confirm your e-mail address first: open the link in the mail, or request another "
            "mail with auth/registration/resend-email/."
        )


class PasswordField(TextField):
    """A password exactly as typed: leading and trailing spaces are part of it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _MAX_PASSWORD)
        style = {"input_type": "password"}
        super().__init__(write_only=True, trim_whitespace=False, style=style, **kwargs)


class LoginSerializer(StrictSerializer, BaseLoginSerializer):
    """`username` or `email`, either of which may hold the other, and `password`."""

    needs_one_of = ("username", "email")

    # Unlike the base fields, these refuse numbers and long texts, `email` takes a user name, and
    # `password` keeps its spaces.
    username = TextField(required=False, allow_blank=True, max_length=_MAX_LOGIN)
    email = TextField(required=False, allow_blank=True, max_length=_MAX_LOGIN)
    password = PasswordField()

    def get_auth_user(self, username: str | None, email: str | None, password: str) -> User:
        """Add the lockout, and the codes `required` and `invalid_credentials` to the errors."""
        login = username or email
        if not login:
            raise serializers.ValidationError(
                'Must include either "username" or "email" and "password".', code="required"
            )
        user = lockout.check_password(self.context["request"]._request, login, password)
        if user is None:
            raise serializers.ValidationError(
                "Unable to log in with provided credentials.", code=INVALID_CREDENTIALS
            )
        return user

    @staticmethod
    def validate_email_verification_status(user: User, email: str | None = None) -> None:
        """Answer 403 `email_not_verified` instead of a 400 without a code."""
        if confirmation_is_mandatory() and not get_email_address(user).verified:
            raise EmailNotVerified
