"""Account mails: password reset and confirmation of the e-mail address, sent by a worker.

The answer to a request for a mail must not reveal, by its text or its duration, whether the
address has an account. Therefore `request_mail` passes the address to a worker as it was typed.
The worker looks the account up (`queue_mail`) and records an event in the outbox. The event's
handler sends the mail, and the outbox retries it while the mail server is down.
"""

from __future__ import annotations

import hashlib
from typing import Literal
from urllib.parse import urlencode

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings

from accounts.email_addresses import get_email_address
from accounts.models import User
from accounts.normal_forms import normalize_email
from outbox import events
from outbox.models import Event
from utils import audit, messages
from utils.rate_counts import count_request

Kind = Literal["password_reset", "confirmation"]

_LIMITS = ("mails_a_minute", "mails_an_hour")  # keys of settings.THROTTLE_RATES


def request_mail(kind: Kind, address: str) -> None:
    """Send a mail to the account with this address, if there is such an account.

    Above the limits for one address nothing is sent, and the caller does not learn it: an error
    would reveal who has an account.
    """
    if settings.RATE_LIMITS and not _is_within_limits(kind, address):
        return
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    arguments = [kind, address, request_id]
    if not messages.send("accounts.tasks.queue_mail", "system", args=arguments):
        # The broker is down. Looking the account up in the request beats losing the mail.
        queue_mail(kind, address, request_id)


def queue_mail(kind: Kind, address: str, request_id: str) -> None:
    """Record the mail in the outbox if the address has an account that may get the mail."""
    try:
        user = User.objects.get_by_email(address)
    except User.DoesNotExist:
        return
    if user.is_active and not (kind == "confirmation" and get_email_address(user).verified):
        events.record(f"mail.{kind}", user.pk, request_id=request_id)


def queue_signup_confirmation(user: User) -> None:
    """Record the first confirmation mail; call this in the transaction that creates the user."""
    events.record("mail.confirmation", user.pk, signup=True)


def send_password_reset(event: Event) -> None:
    """Handle `mail.password_reset`: the link's lifetime starts when the mail is sent."""
    user = User.objects.get(pk=event.owner_id)
    if not user.is_active:
        return
    query = urlencode(
        {"uid": user_pk_to_url_str(user), "token": default_token_generator.make_token(user)}
    )
    context = {
        "user": user,
        "username": user.username,
        "password_reset_url": f"{settings.PUBLIC_URL}/reset?{query}",
    }
    get_adapter().send_mail("account/email/password_reset_key", user.email, context)
    _audit("password_reset_mailed", event)


def send_confirmation(event: Event) -> None:
    """Handle `mail.confirmation`."""
    user = User.objects.get(pk=event.owner_id)
    if not user.is_active:
        return
    address = get_email_address(user)
    if not address.verified:
        address.send_confirmation(signup=bool(event.payload.get("signup")))
        _audit("confirmation_mailed", event)


def _audit(name: str, event: Event) -> None:
    """Write the audit line with the id of the request that asked for the mail, if known."""
    request_id = event.payload.get("request_id")
    details = {"request_id": request_id} if request_id else {}
    audit.record(name, user_id=event.owner_id, **details)


def _is_within_limits(kind: Kind, address: str) -> bool:
    """Count this request for a mail; the cache gets a digest instead of the address."""
    who = f"{kind}:{hashlib.sha256(normalize_email(address).encode()).hexdigest()}"
    counts = (count_request(limit, who) for limit in _LIMITS)
    return all(count.used <= count.limit for count in counts)
