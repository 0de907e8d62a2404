"""The django-allauth adapter: the account mails link to the web page and need no request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Links start with `PUBLIC_URL`, never with the `Host` header of a request."""

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return f"{settings.PUBLIC_URL}/verify-email?{urlencode({'key': emailconfirmation.key})}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send without a request: workers send mails, and allauth's own method needs a request."""
        context = {**context, "public_url": settings.PUBLIC_URL}
        self.render_mail(template_prefix, email, context).send()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: messages are for server-rendered pages and would start a Django session."""
