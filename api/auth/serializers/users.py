"""The user, as shown and as changed by the user."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as allauth_settings
from dj_rest_auth.serializers import UserDetailsSerializer
from django.db import IntegrityError, models, transaction
from rest_framework import serializers

from accounts import lockout
from accounts.email_addresses import replace_email
from accounts.models import User
from api.auth.account_names import check_username, free_email, taken
from api.auth.serializers.sign_in import PasswordField
from api.requests.strict import EmailField, TextField
from utils import audit


class UserSerializer(UserDetailsSerializer):
    """The user. A new e-mail needs `password`: who holds the mailbox holds the account."""

    serializer_field_mapping = UserDetailsSerializer.serializer_field_mapping | {
        models.CharField: TextField,
        models.EmailField: EmailField,
    }
    password = PasswordField(required=False, help_text="The current one, to change `email`.")

    class Meta(UserDetailsSerializer.Meta):
        model = User
        fields = (
            "pk",
            "id",
            "username",
            "email",
            "first_name",
            "last_name",
            "date_joined",
            "last_login",
            "password",
        )
        read_only_fields = ("date_joined", "last_login")
        extra_kwargs = {"username": {"required": False}, "email": {"required": False}}

    @staticmethod
    def validate_username(username: str) -> str:
        """Checked in `validate`, where one's own name is not one that is taken."""
        return username

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        password = attrs.pop("password", "")
        user: User = self.instance
        if attrs.get("email", "").lower() in ("", user.email.lower()):
            attrs.pop("email", None)
        else:
            attrs["email"] = self._new_email(user, attrs["email"], password)
        if attrs.get("username", user.username) != user.username:
            check_username(attrs["username"], attrs.get("email", user.email), but=user)
        return attrs

    def _new_email(self, user: User, email: str, password: str) -> str:
        method = allauth_settings.EmailVerificationMethod.MANDATORY
        if method == allauth_settings.EMAIL_VERIFICATION:
            message = "A confirmed e-mail address cannot be changed."
            raise serializers.ValidationError({"email": [message]}, code="read_only")
        try:
            email = free_email(email)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"email": error.detail}) from error
        if lockout.check_password(self.context["request"], user.username, password) is None:
            message = "Changing the e-mail address needs your current password."
            raise serializers.ValidationError({"password": [message]}, code="password_incorrect")
        return email

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        try:
            with transaction.atomic():
                user: User = super().update(instance, validated_data)
                if "email" in validated_data:
                    replace_email(user)
                    audit.record_on_commit("email_changed", user_id=user.pk)
                return user
        except IntegrityError as error:
            raise serializers.ValidationError(taken(error)) from error
