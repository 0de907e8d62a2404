"""Checking passwords, with django-axes counting the failures per (account, address).

An account has one count however it is named (user name or e-mail), and names that belong to no
one are counted and locked alike, so that a lock does not tell whether an account exists.
"""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api import problem
from api.client_address import counted_as
from api.models import User
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
            AxesProxyHandler.reset_attempts(username=account, ip_address=counted_as(plain))
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


def answer(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """`AXES_LOCKOUT_CALLABLE`: 429 `locked_out`; plain text for the admin's login page."""
    seconds = _seconds_left(request, credentials)
    headers = {"Retry-After": str(seconds)}
    detail = (
        f"Too many failed sign-ins (limit {settings.AXES_FAILURE_LIMIT}) for this account from "
        f"this address. Try again in {seconds} seconds."
    )
    if request.path.startswith("/api/"):
        return problem.plain_response(request, 429, "locked_out", detail, headers)
    return HttpResponse(detail, status=429, headers=headers, content_type="text/plain")


def _seconds_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    handler = AxesProxyHandler.get_implementation()
    attempts = [row for rows in handler.get_user_attempts(request, credentials) for row in rows]
    last = max((row.attempt_time for row in attempts), default=timezone.now())
    left: float = (last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()
    return max(1, round(left))
