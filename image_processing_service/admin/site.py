"""The admin site: it writes an audit line for every sign-in and every change."""

from __future__ import annotations

import functools
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.access import lockout, sessions
from accounts.lifecycle import email_change
from accounts.models import User
from api.http.client_address import counted_as
from utils import audit
from utils.rate_counts import count_request

MAX_IDS = 100


class AdminSite(admin.AdminSite):
    """Django's site; `login` and `admin_view` see every sign-in and every change."""

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "POST":
            page: HttpResponse = super().login(request, extra_context)
            return page
        if refusal := _refuse_if_too_many(request):
            return refusal
        login = request.POST.get("username", "")
        with lockout.one_at_a_time(request, login):
            response: HttpResponse = super().login(request, extra_context)
        if response.status_code == 302:
            audit.record("admin_login", user_id=request.user.pk)
        else:
            lockout.record_failure(request, login)
        return response

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user_id = request.user.pk
        response = super().logout(request, extra_context)
        audit.record("admin_logout", user_id=user_id)
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Also end the operator's API sessions, as a password change at the API does.

        The form saves the whole row, so the row is locked before the form reads it.
        """
        if request.method != "POST":
            return super().password_change(request, extra_context)
        with transaction.atomic():
            operator = cast(User, request.user)
            user = User.objects.select_for_update(no_key=True).get(pk=operator.pk)
            request.user = user
            response = super().password_change(request, extra_context)
            changed = response.status_code == 302
            if changed:
                sessions.end_all(user)
                email_change.cancel_change(user)
        if changed:
            audit.record("password_changed", user_id=user.pk)
        return response

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Audit changes: after a change the view redirects, and a rejected form gets 200."""
        inner = super().admin_view(view, cacheable)

        @functools.wraps(inner)
        def audited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = inner(request, *args, **kwargs)
            changed = request.method == "POST" and response.status_code == 302
            if changed and self.has_permission(request):
                audit.record(
                    "admin_change",
                    user_id=request.user.pk,
                    path=request.path,
                    action=request.POST.get("action"),
                    ids=request.POST.getlist("_selected_action")[:MAX_IDS],
                )
            return response

        return audited


def _refuse_if_too_many(request: HttpRequest) -> HttpResponse | None:
    """Count the sign-in; return a 429 if the address is above the limit, which the API shares."""
    if not settings.RATE_LIMITS:
        return None
    count = count_request("login", f"ip-{counted_as(request)}")
    if count.used <= count.limit:
        return None
    audit.record("login_refused", user_id=None, warning=True)
    return HttpResponse(
        f"Too many sign-ins from this address (limit {count.limit} in {count.window} seconds). "
        f"Try again in {count.reset_after} seconds.",
        status=429,
        headers={"Retry-After": str(max(1, count.reset_after))},
        content_type="text/plain",
    )
