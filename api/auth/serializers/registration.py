"""The body of a registration."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail

from accounts import mails
from accounts.email_addresses import email_of
from accounts.models import User
from api.auth.account_names import USERNAME_TAKEN, check_username, free_email, taken
from api.auth.serializers.sign_in import PasswordField
from api.requests.strict import EmailField, TextField

_REQUIRED = ErrorDetail("This field is required.", code="required")


class RegistrationSerializer(serializers.Serializer):
    """A new account. `password` may stand for `password1`; `password2`, if sent, must be equal."""

    email = EmailField(max_length=254)
    username = TextField(
        required=False,
        allow_blank=True,
        max_length=150,
        help_text="Made from the e-mail if absent.",
    )
    password1 = PasswordField(required=False)
    password2 = PasswordField(required=False)
    password = PasswordField(required=False, help_text="The same as `password1`.")

    def validate_email(self, email: str) -> str:
        return free_email(email)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        name = "password1" if "password1" in attrs else "password"
        password = attrs.get(name)
        if password is None:
            raise serializers.ValidationError({"password1": [_REQUIRED]})
        others = {attrs.get(other, password) for other in ("password", "password2")}
        if others != {password}:
            raise serializers.ValidationError(
                {"password2": ["The two password fields didn't match."]}, code="password_mismatch"
            )
        username = attrs.get("username", "")
        if username:
            check_username(username, attrs["email"])
        try:
            alike = username or attrs["email"].partition("@")[0]
            person = User(username=alike, email=attrs["email"])
            get_adapter().clean_password(password, user=person)
        except DjangoValidationError as error:
            raise serializers.ValidationError({name: get_error_detail(error)}) from error
        return {"email": attrs["email"], "username": username, "password1": password}

    def save(self, **kwargs: Any) -> User:
        """Create the account; two at once with the same names get one account and one 400."""
        request = self.context["request"]
        adapter = get_adapter(request)
        self.cleaned_data = self.validated_data  # allauth reads it as a form's
        user: User = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        method = allauth_settings.EMAIL_VERIFICATION
        for _ in range(5):
            try:
                with transaction.atomic():
                    user.save(force_insert=True)
                    email_of(user)
                    if method != allauth_settings.EmailVerificationMethod.NONE:
                        mails.welcome(user)
                return user
            except IntegrityError as error:
                problem = taken(error)
                if self.validated_data["username"] or "email" in problem:
                    raise serializers.ValidationError(problem) from error
            # Somebody took the name that we had made: make another.
            user.pk, user.username = None, ""
            adapter.populate_username(request, user)
        raise serializers.ValidationError({"username": [USERNAME_TAKEN]})
