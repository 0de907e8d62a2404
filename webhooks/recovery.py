"""The webhooks of an account that its owner has recovered by a mail."""

from __future__ import annotations

from datetime import datetime

from outbox.models import Event
from webhooks import endpoints


def delete_older_webhooks(event: Event) -> None:
    """Handle `account.recovered`: delete webhooks older than the confirmation of the address.

    They may send what the owner does to whoever had registered the address before.
    """
    confirmed_at = datetime.fromisoformat(event.payload["confirmed_at"])
    for webhook in endpoints.of_owner(event.owner_id).filter(created_at__lt=confirmed_at):
        endpoints.delete(webhook)
