"""Changing the e-mail address of an account: request, cancel, and the change without mails.

`accounts.lifecycle.confirmation` makes a requested change take effect.
"""

from __future__ import annotations

from accounts.email_addresses import (
    add_pending_address,
    remove_pending_address,
    replace_email_address,
)
from accounts.mails import server
from accounts.mails.limits import count_mail
from accounts.mails.requests import record_mail
from accounts.models import User
from utils import audit


def needs_confirmation() -> bool:
    """Whether a new address is pending until its mail is answered: wherever mails can be sent."""
    return not server.is_missing()


def change(user: User, email: str) -> None:
    """Request the change of an address, or make it, in a transaction that has locked the account.

    Raises `IntegrityError` if no mail can be sent and another account has the address.
    """
    if needs_confirmation():
        _request_change(user, email)
    else:
        _change_at_once(user, email)


def _request_change(user: User, email: str) -> None:
    """Mail a link to the new address, which is pending from now on.

    Does not look up whether another account has the address, so neither the answer nor its duration
    can reveal that. The handler of the mail looks it up. Above the limits for one mailbox nothing
    is sent.
    """
    pending = add_pending_address(user, email)
    if count_mail("change_confirmation", email):
        record_mail("change_confirmation", user.pk, address=pending.pk)
    audit.record_on_commit("email_change_requested", user_id=user.pk)


def _change_at_once(user: User, email: str) -> None:
    user.email = email
    user.save(update_fields=["email"])
    replace_email_address(user)
    audit.record_on_commit("email_changed", user_id=user.pk)


def cancel_change(user: User) -> None:
    """Forget the pending address, if there is one.

    Also called when the password changes: whoever knew the old one may have requested the change,
    and would otherwise take over the account afterwards.
    """
    if remove_pending_address(user):
        audit.record_on_commit("email_change_cancelled", user_id=user.pk)
