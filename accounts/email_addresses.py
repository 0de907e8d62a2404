"""The e-mail address of a user, and whether the user has confirmed it (allauth's record)."""

from __future__ import annotations

from allauth.account.models import EmailAddress, get_emailconfirmation_model
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from accounts.locks import AccountGone, lock_owner
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
    user.email_confirmed_at = None
    user.save(update_fields=["email_confirmed_at"])
    return get_email_address(user)


@transaction.atomic
def confirm_email_address(request: HttpRequest, key: str) -> EmailAddress | None:
    """Confirm the address that the key of a mail names.

    Return None for a wrong, old or used key, and for the key of a deleted account.
    """
    confirmations = get_emailconfirmation_model()
    found = confirmations.from_key(key)
    if found is None:
        return None
    try:
        lock_owner(found.email_address.user_id)
    except AccountGone:
        return None
    # Read again: the address may have been replaced before the lock.
    confirmation = confirmations.from_key(key)
    address: EmailAddress | None = confirmation.confirm(request) if confirmation else None
    if address is not None:
        User.objects.filter(pk=address.user_id).update(email_confirmed_at=Now())
    return address
