"""Admin pages of users, sessions and API keys."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts import api_keys, sessions
from accounts.admin_lists import NewestRowsAdmin
from accounts.email_addresses import replace_email_address
from accounts.models import ApiKey, RefreshFamily, User
from image_processor.library.deletion import account as account_deletion


@admin.register(User)
class UserAdmin(NewestRowsAdmin, DjangoUserAdmin):
    """Django's page; a new user needs an e-mail address, a new password ends all sessions."""

    list_display = ("username", "email", "is_active", "is_staff", "date_joined", "last_login")
    ordering = order_of_owner = ("-id",)
    owner_field = "pk"
    search_fields = NewestRowsAdmin.search_fields
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "usable_password", "password1", "password2"),
            },
        ),
    )
    actions = ("end_sessions",)

    @admin.action(description="End all sessions of the selected users", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        ended = sum(sessions.end_all(user) for user in queryset)
        self.message_user(request, f"Sessions ended: {ended}.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Without the users whose deletion goes on in the background."""
        return super().get_queryset(request).filter(deleted_at=None)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> User | None:
        """Lock the user whom a form changes: the form saves the whole row as it was read here."""
        user: User | None = super().get_object(request, object_id, from_field)
        if user is None or request.method != "POST":
            return user
        rows = self.get_queryset(request).select_for_update(of=("self",), no_key=True)
        return rows.filter(pk=user.pk).first()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Also unconfirm a changed e-mail address."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            replace_email_address(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List only the users and not each of their rows, which can be very many."""
        users = list(objs)
        return [f"{user}, with all images, tasks and results" for user in users], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """End the account; a worker removes its rows and objects."""
        account_deletion.forget_user(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            account_deletion.forget_user(user)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002 - Django's name
        form_url: str = "",
    ) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().user_change_password(request, id, form_url)
            user = self.get_object(request, id)
            if request.method == "POST" and response.status_code == 302 and user is not None:
                sessions.end_all(user)
        return response


@admin.register(RefreshFamily)
class SessionAdmin(NewestRowsAdmin):
    """Read-only; an operator ends a session by deleting it. The one that lasts longest is first."""

    list_display = ("id", "user", "created_at", "rotated_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    owner_field = "user"
    exclude = ("current", "previous")
    ordering = order_of_owner = ("-expires_at", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(NewestRowsAdmin):
    """Read-only, except that operators can delete keys. Secrets are not stored."""

    list_display = ("id", "user", "name", "prefix", "scopes", "last_used_at", "expires_at")
    list_select_related = ("user",)
    owner_field = "user"
    search_help_text = f"{NewestRowsAdmin.search_help_text} Or find a key by its prefix."
    fields = ("user", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ApiKey], search_term: str
    ) -> tuple[QuerySet[ApiKey], bool]:
        """Also find the key whose prefix is in a line of the audit log."""
        if search_term.startswith("ips_"):
            return queryset.filter(public_id=search_term[4:20]), False
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        api_keys.delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            api_keys.delete(key)
