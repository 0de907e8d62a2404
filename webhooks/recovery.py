"""The webhooks of an account that its owner has recovered by a mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.locks import share_free_owner
from outbox.models import Event
from webhooks import endpoints


def delete_older_webhooks(event: Event) -> None:
    """Handle `account.recovered`: delete webhooks older than the confirmation of the address.

    They may send what the owner does to whoever had registered the address before. Raises
    `AccountBusy`, after which the event is handled again later.
    """
    confirmed_at = datetime.fromisoformat(event.payload["confirmed_at"])
    older = endpoints.of_owner(event.owner_id).filter(created_at__lt=confirmed_at)
    with transaction.atomic():
        # The caller has locked the event, which comes after the owner in the order of locks. So
        # this must not wait for the owner.
        if share_free_owner(event.owner_id):
            for webhook in older.order_by("pk").select_for_update():
                endpoints.delete_locked(webhook)
