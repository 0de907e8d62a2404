"""Confirming an e-mail address with the link of its mail.

The link of a new account confirms the present address and leaves a pending one alone. The link of a
pending address makes it the present one.
"""

from __future__ import annotations

from allauth.account.models import get_emailconfirmation_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from accounts.locks import AccountGone, lock_owner
from accounts.mails.requests import record_mail
from accounts.models import User
from accounts.name_rules import name_conflict
from utils import audit


def confirm_email_address(request: HttpRequest, key: str) -> None:
    """Confirm the address that the key of a mail names.

    Raises `ValidationError` under `key`: for a wrong, old or used key, for the key of a deleted
    account, and if another account has got the address meanwhile. Of two accounts that confirm one
    address at once, the unique index lets one win.
    """
    try:
        with transaction.atomic():
            _confirm(request, key)
    except IntegrityError as error:
        name_conflict(error)
        raise _taken() from error


def _confirm(request: HttpRequest, key: str) -> None:
    confirmations = get_emailconfirmation_model()
    found = confirmations.from_key(key)
    if found is None:
        raise _invalid()
    try:
        lock_owner(found.email_address.user_id)
    except AccountGone:
        raise _invalid() from None
    # Read again: the address may have been replaced before the lock.
    confirmation = confirmations.from_key(key)
    if confirmation is None:
        raise _invalid()
    user = User.objects.get(pk=found.email_address.user_id)
    address = confirmation.email_address
    is_change = not address.primary
    # For a change, allauth makes the address primary, writes it to `User.email` and deletes the
    # other rows (`ACCOUNT_CHANGE_EMAIL`).
    if not (confirmation.confirm(request) if is_change else address.set_verified()):
        raise _taken()
    User.objects.filter(pk=user.pk).update(email_confirmed_at=Now())
    audit.record_on_commit("email_verified", user_id=user.pk)
    if is_change:
        confirmed = user.email_confirmed_at is not None
        record_mail("change_notice", user.pk, previous=user.email, confirmed=confirmed)
        audit.record_on_commit("email_changed", user_id=user.pk)


def _invalid() -> ValidationError:
    message = "This link is wrong, has expired or was already used."
    return ValidationError({"key": ValidationError(message, code="invalid_key")})


def _taken() -> ValidationError:
    message = (
        "Another account has this e-mail address now, so your account keeps the one that it has."
    )
    return ValidationError({"key": ValidationError(message, code="email_taken")})
