"""The rows of e-mail addresses, which are allauth's.

The row of the present address, `User.email`, is the primary one; it says whether the user has
confirmed the address. A row that is not primary is a pending address: it replaces the present one
when its mail is answered (`accounts.lifecycle.email_change`).
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User


def confirmation_is_mandatory() -> bool:
    """Whether users can sign in only after they have confirmed their e-mail address."""
    return bool(settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory")


def get_email_address(user: User) -> EmailAddress:
    """Return the row of the user's present address.

    Create the row if it is missing, as it is for users made by `createsuperuser`.
    """
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True}
    )
    return address


def replace_email_address(user: User) -> EmailAddress:
    """Replace the rows by one of an unconfirmed address, after `user.email` has changed."""
    EmailAddress.objects.filter(user=user).delete()
    user.email_confirmed_at = None
    user.save(update_fields=["email_confirmed_at"])
    return get_email_address(user)


def get_pending_address(user: User) -> EmailAddress | None:
    """Return the row of the address that waits for its confirmation, if there is one."""
    return EmailAddress.objects.filter(user=user, primary=False).first()


# allauth's `add_new_email` is not used: it would remove a present address that is unconfirmed.
def add_pending_address(user: User, email: str) -> EmailAddress:
    """Make an address the pending one, in a transaction that has locked the account.

    The row of an address that is pending already stays, so that its link stays valid.
    """
    EmailAddress.objects.filter(user=user, primary=False).exclude(email=email).delete()
    address, _ = EmailAddress.objects.get_or_create(user=user, email=email)
    return address


def remove_pending_address(user: User) -> bool:
    """Remove the pending address, so that its link is dead; return whether there was one."""
    return bool(EmailAddress.objects.filter(user=user, primary=False).delete()[0])
