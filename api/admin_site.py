"""The admin, with an audit line for every sign-in and every change, whoever registers the model."""

from __future__ import annotations

import functools
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from api import lockout
from utils import audit

MAX_IDS = 100


class AdminSite(admin.AdminSite):
    """Django's own, audited at the two doors that everything passes."""

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        if request.method == "POST":
            if response.status_code == 302:
                audit.record("admin_login", user_id=request.user.pk)
            else:
                lockout.record_failure(request, request.POST.get("username", ""))
        return response

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user_id = request.user.pk
        response = super().logout(request, extra_context)
        audit.record("admin_logout", user_id=user_id)
        return response

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A form that was refused is shown again (200); what was carried out redirects."""
        inner = super().admin_view(view, cacheable)

        @functools.wraps(inner)
        def audited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = inner(request, *args, **kwargs)
            done = request.method == "POST" and response.status_code == 302
            if done and self.has_permission(request):
                audit.record(
                    "admin_change",
                    user_id=request.user.pk,
                    path=request.path,
                    action=request.POST.get("action"),
                    ids=request.POST.getlist("_selected_action")[:MAX_IDS],
                )
            return response

        return audited
