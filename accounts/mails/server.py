"""What happens without a mail server: mails wait, and the operator is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's name
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class MailServerMissing(Exception):
    """A mail cannot be sent. The outbox tries it again, like one to a mail server that is down."""


class MissingMailServer(BaseEmailBackend):
    """`EMAIL_BACKEND` when `EMAIL_URL` is not set.

    It does not print the mail, because a link that resets a password must not be in a log.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise MailServerMissing("EMAIL_URL is not set, so no mail can be sent.")


def is_missing() -> bool:
    """Whether no mail can be sent."""
    backend: str = settings.EMAIL_BACKEND
    return backend == f"{__name__}.{MissingMailServer.__name__}"


def check_mail_server(**_: Any) -> list[CheckMessage]:
    """Warn if there is no mail server; `migrate` and `check` print it."""
    if not is_missing():
        return []
    return [
        Warning(
            "EMAIL_URL is not set, so nobody can reset a password or confirm an address.",
            hint="Set EMAIL_URL to your mail server, such as smtp+tls://user:password@host:587.",
            id="accounts.W001",
        )
    ]
