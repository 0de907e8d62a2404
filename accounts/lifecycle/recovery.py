"""Recovering an account by a mail: whoever reads the mailbox owns the account, and nobody else.

Somebody else may have registered the address before its owner did, and left a way in: a session, an
API key, a webhook. What was made before the address was confirmed is therefore removed.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from django.core.exceptions import ValidationError
from django.db.models.functions import Now

from accounts.access import api_keys, lockout, sessions
from accounts.email_addresses import get_email_address
from accounts.lifecycle import email_change
from accounts.locks import lock_owner
from accounts.models import User
from outbox import events

RECOVERED = "account.recovered"


def lock_for_reset(user_id: int, token: str) -> User:
    """Return the user, whose row is locked, if the token of the mail is still valid.

    Of parallel requests with one token, the first makes it invalid for the others. Raises
    `ValidationError` under `token`, and `AccountGone`.
    """
    lock_owner(user_id)
    user = User.objects.get(pk=user_id)
    if not default_token_generator.check_token(user, token):
        raise ValidationError({"token": ValidationError("Invalid value", code="invalid")})
    return user


def end_earlier_access(user: User) -> None:
    """End all sessions, lift a lockout, and remove what is older than the address's confirmation.

    Without a confirmation that is everything so far. The mail is a confirmation itself. Webhooks
    are removed by the handler of `RECOVERED`. A requested change of the address is cancelled.
    """
    sessions.end_all(user)
    email_change.cancel_change(user)
    lockout.reset_failures(user)
    keys = api_keys.of_owner(user.pk)
    if user.email_confirmed_at is not None:
        keys = keys.filter(created_at__lt=user.email_confirmed_at)
    api_keys.delete_all(keys)
    confirmed_at = user.email_confirmed_at or _confirm_address(user)
    events.record(RECOVERED, user.pk, confirmed_at=confirmed_at.isoformat())


def _confirm_address(user: User) -> datetime:
    """Confirm the address; return the time by the database, which also dates keys and webhooks."""
    address = get_email_address(user)
    address.verified = True
    address.save(update_fields=["verified"])
    User.objects.filter(pk=user.pk).update(email_confirmed_at=Now())
    user.refresh_from_db(fields=["email_confirmed_at"])
    assert user.email_confirmed_at is not None
    return user.email_confirmed_at
