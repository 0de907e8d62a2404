"""Creating an account."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.email_addresses import confirmation_is_mandatory, get_email_address
from accounts.mails.limits import count_mail
from accounts.mails.requests import record_mail
from accounts.models import User
from accounts.name_rules import name_conflict, username_taken
from accounts.normal_forms import normalize_email

# How many generated user names are tried when parallel registrations take them.
MAX_GENERATED_NAMES = 5


def register(
    *, email: str, password: str, username: str = "", first_name: str = "", last_name: str = ""
) -> User | None:
    """Create an account and, unless confirmation is off, queue the confirmation mail.

    The names were checked by `accounts.name_rules`, the password by Django's validators. Without
    `username` one is generated from the names or the e-mail address.

    If confirmation is mandatory and the address has an account, return None: the owner gets a mail,
    and the caller must answer as for a new account. The password is hashed and the row inserted
    before it is known, so the duration does not reveal it either. Raise `ValidationError` under the
    field whose name is taken: for a user name whatever the address is, for an address only if
    confirmation is not mandatory.
    """
    user = User(email=email, first_name=first_name, last_name=last_name)
    user.set_password(password)
    mail_owner = confirmation_is_mandatory() and count_mail("account_exists", email)
    for _ in range(MAX_GENERATED_NAMES):
        user.username = username or get_adapter().generate_unique_username(
            [first_name, last_name, email, "user"]
        )
        try:
            with transaction.atomic():
                user.save(force_insert=True)
                get_email_address(user)
                if settings.ACCOUNT_EMAIL_VERIFICATION != "none":
                    record_mail("confirmation", user.pk, signup=True)
            return user
        except IntegrityError as error:
            conflict = name_conflict(error)
            # The error names one index, but both names may be taken. The user name is looked up
            # first, so that a taken one gets the same answer for every address.
            if username and _is_taken_by_another(username, email):
                raise ValidationError({"username": username_taken()}) from error
            owner = User.objects.with_email(email).first()
            if owner is not None and confirmation_is_mandatory():
                if mail_owner and owner.is_active:
                    record_mail("account_exists", owner.pk)
                return None
            if username or "email" in conflict.error_dict:
                raise conflict from error
            user.pk = None
    raise ValidationError({"username": username_taken()})


def _is_taken_by_another(username: str, email: str) -> bool:
    """Whether an account has the user name, except as its own address, which is `email`, too."""
    holder = User.objects.with_username(username).first()
    return holder is not None and not normalize_email(username) == email == holder.email.lower()
