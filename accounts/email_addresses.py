"""What allauth does our way: mails that lead to the page, and no server-rendered messages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Links start with `PUBLIC_URL`, never with what the request's `Host` header says."""

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return f"{settings.PUBLIC_URL}/verify-email?{urlencode({'key': emailconfirmation.key})}"

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's, without the request: a worker sends mails, on behalf of nobody's browser."""
        context = {**context, "public_url": settings.PUBLIC_URL}
        self.render_mail(template_prefix, email, context).send()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Messages are for server-rendered pages; here they would only start a session."""


def send_reset_link(user: User) -> None:
    """Mail the link by which the user can choose a new password."""
    token = default_token_generator.make_token(user)
    query = urlencode({"uid": user_pk_to_url_str(user), "token": token})
    url = f"{settings.PUBLIC_URL}/reset?{query}"
    context = {"user": user, "username": user.username, "password_reset_url": url}
    get_adapter().send_mail("account/email/password_reset_key", user.email, context)


def email_of(user: User) -> EmailAddress:
    """allauth's record of the user's e-mail; made if missing, as for `createsuperuser`."""
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True}
    )
    return address


def replace_email(user: User) -> EmailAddress:
    """Start anew, unverified, after `user.email` has changed."""
    EmailAddress.objects.filter(user=user).delete()
    return email_of(user)
