"""Password checks; django-axes counts the failures per (account, client address).

All names of an account (user name, e-mail address) share one count. Names without an account are
counted and locked in the same way, so that a lockout does not reveal whether an account exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.normal_forms import normalize_email
from utils import audit

_LOCK_SPACE = 0x6C6F67  # first key of the PostgreSQL advisory locks: "log"


def check_password(request: HttpRequest, login: str, password: str) -> User | None:
    """Return the user with this login and password, or None; a failure counts towards a lockout.

    Attempts on one account run one after another. Otherwise a hundred parallel attempts would be
    checked before the first failure is counted. If the account is locked, or this attempt locks
    it, axes' middleware replaces the view's answer with `api.auth.lockout_response`.
    """
    with one_at_a_time(request, login) as account:
        user = authenticate(request, username=login, password=password)
        if isinstance(user, User):
            AxesProxyHandler.reset_attempts(
                username=account, ip_address=get_client_ip_address(request)
            )
            return user
    record_failure(request, login)
    return None


@contextmanager
def one_at_a_time(request: HttpRequest, login: str) -> Iterator[str]:
    """A transaction in which nobody else tries a password of the account, whose name it yields."""
    with transaction.atomic():
        account = account_name(request, {"username": login})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, account])
        yield account


def record_failure(request: HttpRequest, login: str) -> None:
    """Write the audit line of a failed or locked-out sign-in; it never holds what was typed."""
    event = "locked_out" if getattr(request, "axes_locked_out", False) else "login_failed"
    _, user_id = _known_accounts(request).get(login, ("", None))
    audit.record(event, user_id=user_id, warning=True)


def reset_failures(user: User) -> None:
    """Forget the account's failures from every address, after its owner reset the password."""
    AxesProxyHandler.reset_attempts(username=user.username)


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """`AXES_USERNAME_CALLABLE`: the name under which axes counts an attempt."""
    login = (credentials or {}).get("username") or ""
    known = _known_accounts(request)
    if login not in known:
        try:
            user = User.objects.get_by_login(login)
            known[login] = (user.username, user.pk)
        except User.DoesNotExist:
            known[login] = (normalize_email(login)[:255], None)
    return known[login][0]


def _known_accounts(request: HttpRequest) -> dict[str, tuple[str, int | None]]:
    """Login -> (user name, user id), cached on the request: axes asks several times."""
    known: dict[str, tuple[str, int | None]] = getattr(request, "login_accounts", {})
    request.login_accounts = known  # type: ignore[attr-defined]
    return known
