"""The bodies of the password routes."""

from __future__ import annotations

from typing import Any

from dj_rest_auth import serializers as base
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.db import transaction
from rest_framework import serializers
from rest_framework.fields import get_error_detail

from accounts.access import lockout, sessions
from accounts.access.credentials import lock_caller
from accounts.lifecycle import email_change, recovery
from accounts.mails.requests import request_mail
from accounts.models import RefreshFamily, User
from api.auth.serializers.sign_in import PasswordField
from api.requests.strict import EmailField, StrictSerializer, TextField
from utils import audit


# Not dj-rest-auth's serializer: it looks the account up and sends the mail before the answer, so
# the duration of the request would reveal who has an account.
class PasswordResetSerializer(StrictSerializer):
    """The address to which the reset link is sent."""

    email = EmailField(max_length=254)

    def save(self, **kwargs: Any) -> None:
        audit.record("password_reset_requested", user_id=None)
        request_mail("password_reset", self.validated_data["email"])


class _CodedSetPasswordForm(SetPasswordForm):
    """Keeps the codes of the password validators in the answer, such as `password_too_common`."""

    @property
    def errors(self) -> dict[str, list[str]]:  # type: ignore[override]
        return {
            field: [detail for error in errors for detail in get_error_detail(error)]
            for field, errors in super().errors.as_data().items()
        }


class PasswordResetConfirmSerializer(StrictSerializer, base.PasswordResetConfirmSerializer):
    """The link's `uid` and `token`, and the new password."""

    # Unlike the base fields, these refuse numbers, and passwords keep their spaces.
    uid = TextField()
    token = TextField()
    new_password1 = PasswordField()
    new_password2 = PasswordField()

    set_password_form_class = _CodedSetPasswordForm

    def save(self, **kwargs: Any) -> User:
        """Use the token, which works once, and end whatever access others may have."""
        try:
            with transaction.atomic():
                token = self.validated_data["token"]
                self.set_password_form.user = recovery.lock_for_reset(self.user.pk, token)
                user: User = super().save()
                recovery.end_earlier_access(user)
        except ValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        audit.record("password_reset", user_id=user.pk)
        return user


class PasswordChangeSerializer(StrictSerializer, base.PasswordChangeSerializer):
    """The current and the new password."""

    # Unlike the base fields, these refuse numbers and keep spaces.
    old_password = PasswordField()
    new_password1 = PasswordField()
    new_password2 = PasswordField()

    set_password_form_class = _CodedSetPasswordForm

    _checked: User | None = None  # as read when the old password was checked

    def validate_old_password(self, value: str) -> str:
        """Count wrong passwords towards the lockout, and give the error a code."""
        request = self.request._request
        self._checked = lockout.check_password(request, self.user.username, value)
        if self._checked is None:
            message = "Your old password was entered incorrectly. Please enter it again."
            raise serializers.ValidationError(message, code="password_incorrect")
        return value

    def save(self, **kwargs: Any) -> User:
        """Also end the user's other sessions, and cancel a requested change of the address.

        The base would start a Django session instead.
        Writes only the password: other columns may have changed since the user was read.
        """
        auth = self.request.auth
        with transaction.atomic():
            lock_caller(self.user.pk, auth, checked=self._checked)
            user: User = self.set_password_form.save(commit=False)
            user.save(update_fields=["password"])
            email_change.cancel_change(user)
            sessions.end_all(user, but=auth.pk if isinstance(auth, RefreshFamily) else None)
        audit.record("password_changed", user_id=user.pk)
        return user
