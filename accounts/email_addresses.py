"""The e-mail address of a user, and whether the user has confirmed it (allauth's record)."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User


def confirmation_is_mandatory() -> bool:
    """Whether users can sign in only after they have confirmed their e-mail address."""
    return bool(settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory")


def get_email_address(user: User) -> EmailAddress:
    """Return allauth's record of the user's e-mail address.

    Create the record if it is missing, as it is for users made by `createsuperuser`.
    """
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True}
    )
    return address


def replace_email_address(user: User) -> EmailAddress:
    """Replace the record by an unconfirmed one, after `user.email` has changed."""
    EmailAddress.objects.filter(user=user).delete()
    return get_email_address(user)
