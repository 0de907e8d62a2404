"""The body of a registration.

dj-rest-auth's RegisterSerializer is not used: importing it needs allauth's social accounts, which
are not installed.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail

from accounts.email_addresses import confirmation_is_mandatory
from accounts.lifecycle.registration import register
from accounts.models import User
from accounts.name_rules import clean_email, clean_free_email, clean_username
from api.auth.serializers.sign_in import PasswordField
from api.requests.strict import EmailField, StrictSerializer, TextField

_REQUIRED = ErrorDetail("This field is required.", code="required")


class RegistrationSerializer(StrictSerializer):
    """A new account. `password` is another name of `password1`; `password2` may repeat it."""

    needs_one_of = ("password1", "password")

    email = EmailField(max_length=254)
    username = TextField(
        required=False,
        allow_blank=True,
        max_length=150,
        help_text="Generated from the e-mail address if absent.",
    )
    password1 = PasswordField(required=False)
    password2 = PasswordField(required=False)
    password = PasswordField(required=False, help_text="The same as `password1`.")

    def validate_email(self, email: str) -> str:
        """Tell that the address is taken only where a registration signs in at once."""
        return clean_email(email) if confirmation_is_mandatory() else clean_free_email(email)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        name = "password1" if "password1" in attrs else "password"
        password = attrs.get(name)
        if password is None:
            raise serializers.ValidationError({"password1": [_REQUIRED]})
        if {attrs.get(other, password) for other in ("password", "password2")} != {password}:
            raise serializers.ValidationError(
                {"password2": ["The two password fields didn't match."]}, code="password_mismatch"
            )
        email, username = attrs["email"], attrs.get("username", "")
        if username:
            username = clean_username(username, email)
        try:
            user = User(username=username or email.partition("@")[0], email=email)
            validate_password(password, user)
        except ValidationError as error:
            raise serializers.ValidationError({name: get_error_detail(error)}) from error
        return {"email": email, "username": username, "password": password}

    def save(self, **kwargs: Any) -> User | None:
        """Return None if the address has an account and the answer must not tell so."""
        try:
            return register(**self.validated_data)
        except ValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
