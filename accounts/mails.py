"""Mails about accounts, sent by a worker.

The answer to a request for a mail must not tell, by its words or the time it takes, whether the
address has an account. So `ask` passes the address on as typed; a worker looks the account up
(`answer`) and puts the mail into the outbox, from where it is sent, again and again if the mail
server is down.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import structlog
from django.conf import settings

from accounts.email_addresses import email_of, send_reset_link
from accounts.models import User
from outbox import events
from outbox.models import Event
from utils import audit, messages
from utils.rate_counts import count_request

Kind = Literal["password_reset", "confirmation"]

_LIMITS = ("mails_a_minute", "mails_an_hour")  # of settings.THROTTLE_RATES


def ask(kind: Kind, address: str) -> None:
    """Have a mail sent to the account of this address, if there is one.

    Beyond a few mails for one address nothing is sent, and nothing said: the limit must not tell
    who has an account either.
    """
    if settings.RATE_LIMITS and not _within_limits(kind, address):
        return
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    if not messages.send(
        "accounts.tasks.answer_mail_request", "system", args=[kind, address, request_id]
    ):
        # The broker is away. Better to look the account up here than to lose the mail.
        answer(kind, address, request_id)


def answer(kind: Kind, address: str, request_id: str) -> None:
    """Put the mail into the outbox if the address has an account that may get it."""
    try:
        user = User.objects.get_by_email(address)
    except User.DoesNotExist:
        return
    if user.is_active and not (kind == "confirmation" and email_of(user).verified):
        events.record(f"mail.{kind}", user.pk, request_id=request_id)


def welcome(user: User) -> None:
    """The first confirmation mail; belongs into the transaction that makes the account."""
    events.record("mail.confirmation", user.pk, signup=True)


def send_password_reset(event: Event) -> None:
    """Handler of `mail.password_reset`: the link is made now, so that all of its time is left."""
    user = _owner(event)
    if user.is_active:
        send_reset_link(user)
        _record("password_reset_mailed", event)


def send_confirmation(event: Event) -> None:
    """Handler of `mail.confirmation`."""
    address = email_of(_owner(event))
    if not address.verified:
        address.send_confirmation(signup=bool(event.payload.get("signup")))
        _record("confirmation_mailed", event)


def _owner(event: Event) -> User:
    return User.objects.get(pk=event.owner_id)


def _record(what: str, event: Event) -> None:
    """The line names the request that asked, where one is known."""
    asked_by = event.payload.get("request_id")
    details = {"request_id": asked_by} if asked_by else {}
    audit.record(what, user_id=event.owner_id, **details)


def _within_limits(kind: Kind, address: str) -> bool:
    """Counts this request; the cache does not learn the address."""
    who = f"{kind}:{hashlib.sha256(address.strip().lower().encode()).hexdigest()}"
    counts = (count_request(limit, who) for limit in _LIMITS)
    return all(count.used <= count.limit for count in counts)
