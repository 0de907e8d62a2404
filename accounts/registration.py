"""Creating an account."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import mails
from accounts.email_addresses import get_email_address
from accounts.models import User
from accounts.name_rules import name_conflict, username_taken

# How many generated user names are tried when parallel registrations take them.
MAX_GENERATED_NAMES = 5


def register(
    *, email: str, password: str, username: str = "", first_name: str = "", last_name: str = ""
) -> User:
    """Create an account and, unless confirmation is off, queue the confirmation mail.

    The names were checked by `accounts.name_rules`, the password by Django's validators. Without
    `username` one is generated from the names or the e-mail address. Raises `ValidationError`
    under the field whose name a parallel registration has taken.
    """
    user = User(email=email, first_name=first_name, last_name=last_name)
    user.set_password(password)
    for _ in range(MAX_GENERATED_NAMES):
        user.username = username or get_adapter().generate_unique_username(
            [first_name, last_name, email, "user"]
        )
        try:
            with transaction.atomic():
                user.save(force_insert=True)
                get_email_address(user)
                if settings.ACCOUNT_EMAIL_VERIFICATION != "none":
                    mails.queue_signup_confirmation(user)
            return user
        except IntegrityError as error:
            conflict = name_conflict(error)
            if username or "email" in conflict.error_dict:
                raise conflict from error
            user.pk = None
    raise ValidationError({"username": username_taken()})
