"""The representation of a user, and what a user may change."""

from __future__ import annotations

from typing import Any, cast

from dj_rest_auth.serializers import UserDetailsSerializer
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from accounts import lockout
from accounts.credentials import lock_caller
from accounts.email_addresses import confirmation_is_mandatory, replace_email_address
from accounts.models import User
from accounts.name_rules import clean_email, clean_username, name_conflict
from api.auth.serializers.sign_in import PasswordField
from api.http import throttling
from api.requests.strict import EmailField, StrictSerializer, TextField
from utils import audit


class UserSerializer(StrictSerializer, UserDetailsSerializer):
    """The user. A new e-mail address needs `password`: its mailbox can reset the password."""

    # The base class's fields turn a number into text; these fields refuse it.
    serializer_field_mapping = UserDetailsSerializer.serializer_field_mapping | {
        models.CharField: TextField,
        models.EmailField: EmailField,
    }
    password = PasswordField(required=False, help_text="The current password, to change `email`.")
    _checked: User | None = None  # as read when the password was checked

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
        """Accept the user's own name, which the base reports as taken; `validate` checks."""
        return username

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        password = attrs.pop("password", "")
        user = cast(User, self.instance)
        if User.objects.normalize_email(attrs.get("email")) in ("", user.email.lower()):
            attrs.pop("email", None)
        else:
            attrs["email"] = self._new_email(user, attrs["email"], password)
        if attrs.get("username", user.username) != user.username:
            email = attrs.get("email", user.email)
            attrs["username"] = clean_username(attrs["username"], email, owner=user)
        return attrs

    def _new_email(self, user: User, email: str, password: str) -> str:
        if confirmation_is_mandatory():
            message = "A confirmed e-mail address cannot be changed."
            raise serializers.ValidationError({"email": [message]}, code="read_only")
        request = self.context["request"]
        # Before the address is looked up: the answer tells who has an account only to the owner of
        # this one, and as rarely as registrations do.
        self._checked = lockout.check_password(request._request, user.username, password)
        if self._checked is None:
            message = "To change your e-mail address, enter your current password."
            raise serializers.ValidationError({"password": [message]}, code="password_incorrect")
        throttling.require_within(request, "email_change")
        try:
            return clean_email(email)
        except ValidationError as error:
            raise ValidationError({"email": error}) from error

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        """Also unconfirm a new e-mail address; answer 400 if a parallel request took a name.

        Writes only what the request names: the other columns may have changed since `instance`
        was read.
        """
        for name, value in validated_data.items():
            setattr(instance, name, value)
        try:
            with transaction.atomic():
                lock_caller(instance.pk, self.context["request"].auth, checked=self._checked)
                instance.save(update_fields=list(validated_data))
                if "email" in validated_data:
                    replace_email_address(instance)
                    audit.record_on_commit("email_changed", user_id=instance.pk)
                return instance
        except IntegrityError as error:
            raise serializers.ValidationError(get_error_detail(name_conflict(error))) from error
