"""Account mails: the handlers of their events.

Each looks again at what it writes about, because the mail may have waited for hours. A link is made
when the mail is sent: its lifetime starts then, and no token waits in the database.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, get_emailconfirmation_model
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings

from accounts.email_addresses import get_email_address
from accounts.models import User
from outbox.models import Event
from utils import audit


def send_password_reset(event: Event) -> None:
    """Handle `mail.password_reset`."""
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
    _send("password_reset_key", user.email, context)
    _audit("password_reset_mailed", event)


def send_confirmation(event: Event) -> None:
    """Handle `mail.confirmation`: the link that confirms the address of a new account."""
    user = User.objects.get(pk=event.owner_id)
    if not user.is_active:
        return
    address = get_email_address(user)
    if not address.verified:
        address.send_confirmation(signup=bool(event.payload.get("signup")))
        _audit("confirmation_mailed", event)


def send_account_exists(event: Event) -> None:
    """Handle `mail.account_exists`: somebody tried to register the address of an account."""
    user = User.objects.get(pk=event.owner_id)
    if not user.is_active:
        return
    context = {
        "confirmed": get_email_address(user).verified,
        "sign_in_url": f"{settings.PUBLIC_URL}/login",
        "forgotten_url": f"{settings.PUBLIC_URL}/forgot",
    }
    _send("account_already_exists", user.email, context)
    _audit("account_exists_mailed", event)


def send_change_confirmation(event: Event) -> None:
    """Handle `mail.change_confirmation`: the link that makes a pending address take effect.

    If the address belongs to another account, its owner gets a mail without a link instead.
    """
    pending = EmailAddress.objects.filter(
        pk=event.payload["address"], user__is_active=True, verified=False
    ).first()
    if pending is None:
        return  # cancelled
    holder = User.objects.with_email(pending.email).first()
    if holder is None:
        confirmation = get_emailconfirmation_model().create(pending)
        url = get_adapter().get_email_confirmation_url(None, confirmation)
        _send("email_change", pending.email, {"activate_url": url})
        _audit("email_change_mailed", event)
    elif holder.is_active:
        _send("email_change_taken", holder.email, {})
        _audit("email_change_refusal_mailed", event)


def send_change_notice(event: Event) -> None:
    """Handle `mail.change_notice`: tell the previous address that it was replaced.

    If nobody had confirmed that address, it may be a stranger's. Then the mail names neither the
    account nor its new address.
    """
    user = User.objects.get(pk=event.owner_id)
    if not user.is_active:
        return
    context = {}
    if event.payload["confirmed"]:
        context = {"username": user.username, "email": user.email}
    _send("email_changed", event.payload["previous"], context)
    _audit("email_change_notice_mailed", event)


def _send(template: str, address: str, context: dict[str, Any]) -> None:
    get_adapter().send_mail(f"account/email/{template}", address, context)


def _audit(name: str, event: Event) -> None:
    """Write the audit line with the id of the request that caused the mail, if known."""
    request_id = event.payload.get("request_id")
    details = {"request_id": request_id} if request_id else {}
    audit.record(name, user_id=event.owner_id, **details)
