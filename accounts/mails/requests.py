"""Requests for account mails, which a worker sends.

The answer to a request for a mail must not reveal, by its text or its duration, whether the
address has an account. Therefore `request_mail` passes the address to a worker as it was typed.
The worker looks the account up (`queue_mail`) and records an event in the outbox. The event's
handler (`accounts.mails.sending`) sends the mail, and the outbox retries it while the mail server
is down.
"""

from __future__ import annotations

from typing import Any, Literal

import structlog

from accounts.email_addresses import get_email_address
from accounts.mails.limits import count_mail
from accounts.models import User
from outbox import events
from utils import messages

Kind = Literal["password_reset", "confirmation"]


def request_mail(kind: Kind, address: str) -> None:
    """Send a mail to the account with this address, if there is such an account.

    Above the limits for one address nothing is sent, and the caller does not learn it: an error
    would reveal who has an account.
    """
    if not count_mail(kind, address):
        return
    arguments = [kind, address, _request_id()]
    if not messages.send("accounts.tasks.queue_mail", "system", args=arguments):
        # The broker is down. Looking the account up in the request beats losing the mail.
        queue_mail(kind, address, _request_id())


def queue_mail(kind: Kind, address: str, request_id: str) -> None:
    """Record the mail in the outbox if the address has an account that may get the mail."""
    try:
        user = User.objects.get_by_email(address)
    except User.DoesNotExist:
        return
    if user.is_active and not (kind == "confirmation" and get_email_address(user).verified):
        events.record(f"mail.{kind}", user.pk, request_id=request_id)


def record_mail(kind: str, user_id: int, **payload: Any) -> None:
    """Record a mail that a change in the caller's transaction causes."""
    events.record(f"mail.{kind}", user_id, request_id=_request_id(), **payload)


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
