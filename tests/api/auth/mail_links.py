"""The links in mails, opened as the page does."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from rest_framework.test import APIClient

from accounts.models import User


def confirmation_key(message: Any) -> str:
    """Return the key of the one confirmation link in a mail."""
    [link] = re.findall(r"https?://\S+/verify-email\?\S+", message.body)
    return parse_qs(urlsplit(link).query)["key"][0]


def confirm(key: str) -> Any:
    return APIClient().post("/api/v1/auth/registration/verify-email/", {"key": key})


def reset_link(user: User) -> dict[str, str]:
    """Return what the link of a reset mail holds."""
    return {"uid": user_pk_to_url_str(user), "token": default_token_generator.make_token(user)}


def reset(user: User, *, new: str = "a new horse", link: dict[str, str] | None = None) -> Any:
    passwords = dict.fromkeys(("new_password1", "new_password2"), new)
    body = (link or reset_link(user)) | passwords
    return APIClient().post("/api/v1/auth/password/reset/confirm/", body)
