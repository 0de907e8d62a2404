"""E-mail addresses and mails."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from image_processing_service.env import MISSING_MAIL_SERVER, env
from image_processing_service.settings.core import DEBUG, public_address

ACCOUNT_EMAIL_VERIFICATION = env.choice(
    "EMAIL_VERIFICATION", "none", ("none", "optional", "mandatory")
)
ACCOUNT_ADAPTER = "accounts.mails.adapter.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True  # a confirmed address replaces the one before
# allauth's own tokens also end when a change of the address is requested or cancelled.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
EMAIL_TIMEOUT = 10
_mail_server = env.mail_server("EMAIL_URL", debug=DEBUG)
vars().update(_mail_server)  # EMAIL_BACKEND, EMAIL_HOST...
_sends_mails = _mail_server["EMAIL_BACKEND"] != MISSING_MAIL_SERVER
if ACCOUNT_EMAIL_VERIFICATION == "mandatory" and not _sends_mails:
    raise ImproperlyConfigured(
        "EMAIL_VERIFICATION=mandatory needs EMAIL_URL: without a mail server nobody could sign in."
    )
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"no-reply@{public_address.hostname}")
