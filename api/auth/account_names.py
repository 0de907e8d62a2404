"""User names and e-mail addresses: well-formed, free, and not each other's."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail

from accounts.models import User

EMAIL_TAKEN = ErrorDetail(
    "A user is already registered with this e-mail address.", code="email_taken"
)
USERNAME_TAKEN = ErrorDetail("A user with that username already exists.", code="username_taken")


def taken(error: IntegrityError) -> dict[str, list[ErrorDetail]]:
    """Which name a unique constraint refused, as DRF's errors; raises what is anything else."""
    constraint = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
    if constraint == "user_email_unique":
        return {"email": [EMAIL_TAKEN]}
    if "username" in constraint:
        return {"username": [USERNAME_TAKEN]}
    raise error


def free_email(email: str) -> str:
    """The address in lower case; raises `ValidationError` if somebody has it."""
    email = User.objects.normalize_email(get_adapter().clean_email(email))
    try:
        User.objects.get_by_email(email)
    except User.DoesNotExist:
        return email
    raise serializers.ValidationError([EMAIL_TAKEN])


def check_username(username: str, email: str, *, but: User | None = None) -> None:
    """Raise unless it is well-formed, free, and nobody else's e-mail address."""
    message = None
    if "@" in username and username.lower() != email.lower():
        message = ErrorDetail("A user name with @ must be your own e-mail address.", code="invalid")
    elif but is not None and username.lower() == but.username.lower():
        return
    else:
        try:
            get_adapter().clean_username(username)
        except DjangoValidationError as error:
            details = get_error_detail(error)
            raise serializers.ValidationError({"username": details}) from error
    if message:
        raise serializers.ValidationError({"username": [message]})
