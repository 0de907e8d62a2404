"""Webhooks in the admin: read-only, but for sending deliveries again. Secrets are not shown."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_lists import filter_by
from image_processor.admin import ReadOnlyAdmin
from utils.errors import DomainError
from webhooks.delivery import requested_deliveries
from webhooks.models import EVENTS, TEST_EVENT, Delivery, Webhook


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    list_display = ["id", "owner", "url", "enabled", "disabled_reason", "failing_since"]
    list_filter = ["enabled", "disabled_reason"]
    list_select_related = ["owner"]
    exclude = ["secret", "old_secrets"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["id", "status", "owner", "webhook", "kind", "error_code", "created_at"]
    list_filter = ["status", filter_by("kind", [*EVENTS, TEST_EVENT])]
    list_select_related = ["owner", "webhook"]
    actions = ["redeliver"]

    @admin.action(description="Send the selected deliveries once more", permissions=["redeliver"])
    def redeliver(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        sent = 0
        for delivery in queryset.select_related("webhook"):
            try:
                requested_deliveries.redeliver(delivery)
                sent += 1
            except DomainError as error:
                self.message_user(request, f"{delivery}: {error.detail}", messages.WARNING)
        self.message_user(request, f"{sent} deliveries will be sent once more.")

    def has_redeliver_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may change deliveries, which here means only this action."""
        return request.user.has_perm("webhooks.change_delivery")
