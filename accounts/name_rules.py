"""The rules for user names and e-mail addresses: well-formed, free, and not another user's.

All errors are Django's `ValidationError` with a code.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User
from accounts.normal_forms import normalize_email, normalize_username


def email_taken() -> ValidationError:
    return ValidationError(
        "A user is already registered with this e-mail address.", code="email_taken"
    )


def username_taken() -> ValidationError:
    return ValidationError("A user with that username already exists.", code="username_taken")


def clean_email(email: str) -> str:
    """Return the address in its normal form; raise if it is too long."""
    email = normalize_email(email)
    check_length("email", email)
    return email


def clean_free_email(email: str) -> str:
    """Return the address in its normal form; raise if it is too long or another user has it."""
    email = clean_email(email)
    if User.objects.with_email(email).exists():
        raise email_taken()
    return email


def check_length(field: str, text: str) -> None:
    """Raise if the normal form of a text, which can be longer than the text, is too long."""
    limit: int = getattr(User._meta.get_field(field), "max_length")  # noqa: B009
    if len(text) > limit:
        message = f"This text stands for {len(text)} characters; the limit is {limit}."
        raise ValidationError(message, code="max_length")


def clean_username(username: str, email: str, *, owner: User | None = None) -> str:
    """Return the normal form of a user name.

    Raise, under the key `username`, unless it is well-formed, free and no one's e-mail. `email` is
    the user's own address, which may also be the user name. Whether that name is free is left to
    the unique index: a registration must not tell that its address has an account. `owner` is the
    user who changes the name: the new name may differ from the old one only in case.
    """
    username = normalize_username(username)
    try:
        check_length("username", username)
        is_own_address = normalize_email(username) == email.lower()
        if "@" in username and not is_own_address:
            raise ValidationError(
                "A user name with @ must be your own e-mail address.", code="invalid"
            )
        if owner is None or username.lower() != owner.username.lower():
            get_adapter().clean_username(username, shallow=is_own_address)
    except ValidationError as error:
        raise ValidationError({"username": error}) from error
    return username


def name_conflict(error: IntegrityError) -> ValidationError:
    """Translate the violation of a unique name into an error under the name's field.

    Raise `error` itself if it is about something else.
    """
    constraint = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
    if constraint in ("user_email_unique", "unique_verified_email"):
        return ValidationError({"email": email_taken()})
    if "username" in constraint:
        return ValidationError({"username": username_taken()})
    raise error
