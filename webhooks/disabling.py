"""Disable webhooks, and cancel their waiting deliveries."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from image_processor.jobs import transitions
from utils import audit
from webhooks.models import Reason, Webhook

# If the receiver has accepted nothing for this time, a delivery that fails for good disables its
# webhook.
FAILING_FOR = timedelta(days=5)


def disable(webhook: Webhook, reason: Reason) -> None:
    """Disable a webhook and cancel its deliveries, in a transaction that has locked it."""
    Webhook.objects.filter(pk=webhook.pk).update(
        enabled=False, disabled_reason=reason, updated_at=Now()
    )
    stop_waiting(webhook)
    audit.record_on_commit(
        "webhook_disabled", user_id=webhook.owner_id, webhook=webhook.pk, reason=reason.value
    )


def stop_waiting(webhook: Webhook) -> None:
    """Cancel the deliveries that have not ended."""
    transitions.cancel(webhook.deliveries.all())
