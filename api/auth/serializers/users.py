"""The representation of a user, and what a user may change."""

from __future__ import annotations

from typing import Any, cast

from dj_rest_auth.serializers import UserDetailsSerializer
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from accounts.access import lockout
from accounts.access.credentials import lock_caller
from accounts.email_addresses import get_pending_address
from accounts.lifecycle import email_change
from accounts.models import User
from accounts.name_rules import clean_email, clean_free_email, clean_username, name_conflict
from api.auth.serializers.sign_in import PasswordField
from api.http import throttling
from api.requests.strict import EmailField, StrictSerializer, TextField


class UserSerializer(StrictSerializer, UserDetailsSerializer):
    """The user.

    A new e-mail address needs `password`: its mailbox can reset the password. Where mails can be
    sent, the address is pending until the link in the mail to it is opened, and the answer is the
    same if another account has the address. The present address as `email` cancels the change.
    """

    # The base class's fields turn a number into text; these fields refuse it.
    serializer_field_mapping = UserDetailsSerializer.serializer_field_mapping | {
        models.CharField: TextField,
        models.EmailField: EmailField,
    }
    pending_email = serializers.SerializerMethodField(
        help_text="The address that replaces `email` when the link in the mail to it is opened."
    )
    password = PasswordField(required=False, help_text="The current password, to change `email`.")
    _checked: User | None = None  # as read when the password was checked

    class Meta(UserDetailsSerializer.Meta):
        model = User
        fields = (
            "pk",
            "id",
            "username",
            "email",
            "pending_email",
            "first_name",
            "last_name",
            "date_joined",
            "last_login",
            "password",
        )
        read_only_fields = ("date_joined", "last_login")
        extra_kwargs = {"username": {"required": False}, "email": {"required": False}}

    def get_pending_email(self, user: User) -> str | None:
        pending = get_pending_address(user)
        return pending and pending.email

    @staticmethod
    def validate_username(username: str) -> str:
        """Accept the user's own name, which the base reports as taken; `validate` checks."""
        return username

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        password = attrs.pop("password", "")
        user = cast(User, self.instance)
        email = User.objects.normalize_email(attrs.get("email"))
        own_email = user.email
        if email in ("", user.email.lower()):
            attrs.pop("email", None)
            # A client that sends the whole object back repeats the pending address.
            attrs["cancels"] = bool(email) and not self.initial_data.get("pending_email")
        else:
            attrs["email"] = self._new_email(user, attrs["email"], password)
            if not email_change.needs_confirmation():
                own_email = attrs["email"]
        if attrs.get("username", user.username) != user.username:
            attrs["username"] = clean_username(attrs["username"], own_email, owner=user)
        return attrs

    def _new_email(self, user: User, email: str, password: str) -> str:
        request = self.context["request"]
        # Before anything about the address is found out: only the owner of this account learns it.
        self._checked = lockout.check_password(request._request, user.username, password)
        if self._checked is None:
            message = "To change your e-mail address, enter your current password."
            raise serializers.ValidationError({"password": [message]}, code="password_incorrect")
        throttling.require_within(request, "email_change")
        clean = clean_email if email_change.needs_confirmation() else clean_free_email
        try:
            return clean(email)
        except ValidationError as error:
            raise ValidationError({"email": error}) from error

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        """Write what the request names; answer 400 if a parallel request took a name.

        The other columns may have changed since `instance` was read.
        """
        email = validated_data.pop("email", None)
        cancels = validated_data.pop("cancels", False)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        try:
            with transaction.atomic():
                lock_caller(instance.pk, self.context["request"].auth, checked=self._checked)
                instance.save(update_fields=list(validated_data))
                if cancels:
                    email_change.cancel_change(instance)
                if email is not None:
                    email_change.change(instance, email)
                return instance
        except IntegrityError as error:
            raise serializers.ValidationError(get_error_detail(name_conflict(error))) from error
