"""Bodies of the password routes."""

from __future__ import annotations

from typing import Any

from dj_rest_auth import serializers as base
from django.db import transaction
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from accounts import lockout, mails, sessions
from accounts.models import RefreshFamily, User
from api.auth.serializers.sign_in import PasswordField
from api.requests.strict import EmailField, TextField


class PasswordResetSerializer(serializers.Serializer):
    """Where to send the link."""

    email = EmailField(max_length=254)

    def save(self, **kwargs: Any) -> None:
        """Send it to the address as stored, if there is such an account."""
        mails.ask("password_reset", self.validated_data["email"])


class _CodedErrors(serializers.Serializer):
    """Keeps the codes of the password validators, which the base classes drop."""

    set_password_form: Any

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().validate(attrs)
        except serializers.ValidationError as error:
            form = self.set_password_form
            if form is None or form.is_valid():
                raise
            details = {
                field: [detail for problem in problems for detail in get_error_detail(problem)]
                for field, problems in form.errors.as_data().items()
            }
            raise serializers.ValidationError(details) from error


class PasswordResetConfirmSerializer(_CodedErrors, base.PasswordResetConfirmSerializer):
    """The link's `uid` and `token`, and the new password."""

    uid = TextField()
    token = TextField()
    new_password1 = PasswordField()
    new_password2 = PasswordField()

    def save(self, **kwargs: Any) -> User:
        """Ends all sessions, and the lock that failed attempts may have brought."""
        with transaction.atomic():
            user: User = self.set_password_form.save()
            sessions.end_all(user)
            lockout.forgive(user)
        return user


class PasswordChangeSerializer(_CodedErrors, base.PasswordChangeSerializer):
    """The current and the new password."""

    old_password = PasswordField()
    new_password1 = PasswordField()
    new_password2 = PasswordField()

    def validate_old_password(self, value: str) -> str:
        if lockout.check_password(self.request, self.user.username, value) is None:
            message = "Your old password was entered incorrectly. Please enter it again."
            raise serializers.ValidationError(message, code="password_incorrect")
        return value

    def save(self, **kwargs: Any) -> User:
        """Ends all sessions but the one that asks."""
        auth = self.request.auth
        with transaction.atomic():
            user: User = self.set_password_form.save()
            sessions.end_all(user, but=auth.pk if isinstance(auth, RefreshFamily) else None)
        return user
