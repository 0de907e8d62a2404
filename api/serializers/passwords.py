"""Bodies of the password routes."""

from __future__ import annotations

from typing import Any

from dj_rest_auth import serializers as base
from django.db import transaction
from rest_framework import serializers

from api import lockout, sessions
from api.accounts import reset_url
from api.models import RefreshFamily, User
from api.serializers.auth import PasswordField


class PasswordResetSerializer(base.PasswordResetSerializer):
    """Where to send the link."""

    email = serializers.EmailField(max_length=254)

    def get_email_options(self) -> dict[str, Any]:
        return {"url_generator": reset_url}


class PasswordResetConfirmSerializer(base.PasswordResetConfirmSerializer):
    """The link's `uid` and `token`, and the new password."""

    new_password1 = PasswordField()
    new_password2 = PasswordField()

    def save(self) -> User:
        """Ends all sessions, and the lock that failed attempts may have brought."""
        with transaction.atomic():
            user: User = self.set_password_form.save()
            sessions.end_all(user)
            lockout.forgive(user)
        return user


class PasswordChangeSerializer(base.PasswordChangeSerializer):
    """The current and the new password."""

    old_password = PasswordField()
    new_password1 = PasswordField()
    new_password2 = PasswordField()

    def validate_old_password(self, value: str) -> str:
        if lockout.check_password(self.request, self.user.username, value) is None:
            message = "Your old password was entered incorrectly. Please enter it again."
            raise serializers.ValidationError(message, code="password_incorrect")
        return value

    def save(self) -> User:
        """Ends all sessions but the one that asks."""
        auth = self.request.auth
        with transaction.atomic():
            user: User = self.set_password_form.save()
            sessions.end_all(user, but=auth.pk if isinstance(auth, RefreshFamily) else None)
        return user
