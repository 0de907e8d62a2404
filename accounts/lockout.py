"""Checking passwords, with django-axes counting the failures per (account, address).

An account has one count however it is named (user name or e-mail), and names that belong to no
one are counted and locked alike, so that a lock does not tell whether an account exists.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User
from utils import audit

_LOCK_SPACE = 0x6C6F67  # of PostgreSQL's advisory locks: "log"


def check_password(request: Request, login: str, password: str) -> User | None:
    """The user who signs in by these, or None; every failure counts towards the lock.

    Attempts on one account take turns: else a hundred at once would all be checked before the
    first failure is counted. When the account is locked, now or already, axes' middleware
    replaces whatever the view answers (see `answer`).
    """
    plain = request._request
    credentials = {"username": login}
    with transaction.atomic():
        account = account_of(plain, credentials)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, account])
        user = authenticate(plain, username=login, password=password)
        if isinstance(user, User):
            AxesProxyHandler.reset_attempts(
                username=account, ip_address=get_client_ip_address(plain)
            )
            return user
    record_failure(plain, login)
    return None


def record_failure(request: HttpRequest, login: str) -> None:
    """Write the audit line of a sign-in that failed or met a lock; never what was typed."""
    event = "locked_out" if getattr(request, "axes_locked_out", False) else "login_failed"
    _, user_id = _accounts(request).get(login, ("", None))
    audit.record(event, user_id=user_id, warning=True)


def forgive(user: User) -> None:
    """Forget the failures of an account from everywhere: its owner has proved to be the owner."""
    AxesProxyHandler.reset_attempts(username=user.username)


def account_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """`AXES_USERNAME_CALLABLE`: the user name that an attempt is counted for."""
    login = (credentials or {}).get("username") or ""
    accounts = _accounts(request)
    if login not in accounts:
        try:
            user = User.objects.get_by_login(login)
            accounts[login] = (user.username, user.pk)
        except User.DoesNotExist:
            accounts[login] = (login.strip().lower()[:255], None)
    return accounts[login][0]


def _accounts(request: HttpRequest) -> dict[str, tuple[str, int | None]]:
    """Names already looked up for this request, since axes asks for them again and again."""
    found: dict[str, tuple[str, int | None]] = getattr(request, "login_accounts", {})
    request.login_accounts = found  # type: ignore[attr-defined]
    return found
