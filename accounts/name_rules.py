"""The rules for user names and e-mail addresses: well-formed, free, and not another user's.

All errors are Django's `ValidationError` with a code.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User


def email_taken() -> ValidationError:
    return ValidationError(
        "A user is already registered with this e-mail address.", code="email_taken"
    )


def username_taken() -> ValidationError:
    return ValidationError("A user with that username already exists.", code="username_taken")


def clean_email(email: str) -> str:
    """Return the address in lower case; raise if another user has it."""
    email = User.objects.normalize_email(email)
    if User.objects.with_email(email).exists():
        raise email_taken()
    return email


def check_username(username: str, email: str, *, owner: User | None = None) -> None:
    """Raise, under the key `username`, unless the name is well-formed, free and no one's e-mail.

    `email` is the user's own address, which may also be the user name. `owner` is the user who
    changes the name: the new name may differ from the old one only in case.
    """
    try:
        if "@" in username and username.lower() != email.lower():
            raise ValidationError(
                "A user name with @ must be your own e-mail address.", code="invalid"
            )
        if owner is None or username.lower() != owner.username.lower():
            get_adapter().clean_username(username)
    except ValidationError as error:
        raise ValidationError({"username": error}) from error


def name_conflict(error: IntegrityError) -> ValidationError:
    """Translate the violation of a unique name into an error under the name's field.

    Raise `error` itself if it is about something else.
    """
    constraint = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
    if constraint == "user_email_unique":
        return ValidationError({"email": email_taken()})
    if "username" in constraint:
        return ValidationError({"username": username_taken()})
    raise error
