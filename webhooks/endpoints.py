"""Webhooks: create, change, delete, rotate the secret. Order of locks: owner, webhook, delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.locks import lock_owner, share_owner
from image_processor.jobs import wakeups
from image_processor.jobs.model import Status
from utils import audit
from utils.errors import DomainError
from utils.versions import ExpectedVersion, lock_version
from webhooks import signing
from webhooks.disabling import stop_waiting
from webhooks.models import QUEUE, Webhook

MAX_PER_USER = 20
# How long an old secret signs beside its replacement, and how many old secrets may sign at a time.
OVERLAP = timedelta(hours=24)
MAX_OLD_SECRETS = 4


class TooManyWebhooks(DomainError):
    code = "too_many_webhooks"
    status = 409
    title = "Webhook limit reached"


class TooManyRotations(DomainError):
    code = "too_many_rotations"
    status = 409
    title = "Too many secrets in use"


def of_owner(owner_id: int) -> QuerySet[Webhook]:
    """An owner's webhooks."""
    return Webhook.objects.filter(owner_id=owner_id)


def create(owner_id: int, *, url: str, events: Sequence[str], description: str = "") -> Webhook:
    """Write a new webhook with a secret, in the caller's transaction.

    The caller has checked the URL with `require_reachable`. Raises `TooManyWebhooks`,
    `AccountGone`.
    """
    lock_owner(owner_id)  # so that concurrent requests cannot exceed the limit together
    count = Webhook.objects.filter(owner_id=owner_id).count()
    if count >= MAX_PER_USER:
        raise TooManyWebhooks(
            f"You have {count} webhooks; {MAX_PER_USER} are allowed. Delete one first.",
            limit=MAX_PER_USER,
            actual=count,
        )
    webhook = Webhook.objects.create(
        owner_id=owner_id,
        url=url,
        description=description,
        events=list(events),
        secret=signing.new_secret(),
    )
    audit.record_on_commit("webhook_created", user_id=owner_id, webhook=webhook.pk)
    return webhook


@transaction.atomic
def change(
    webhook: Webhook, *, expected_version: ExpectedVersion | None = None, **changes: Any
) -> Webhook:
    """Change url, events, description or enabled.

    Disabling a webhook cancels its unfinished deliveries. Enabling it, or giving it another
    address, forgets its failures and makes its waiting deliveries due at once. Raises `NotFound`,
    `PreconditionFailed`, `AccountGone`.
    """
    locked = lock(webhook, expected_version)
    if not changes:
        return locked
    if changes.get("url", locked.url) != locked.url or changes.get("enabled"):
        changes |= {"failing_since": None, "held_until": None}
        waiting = locked.deliveries.filter(status=Status.PENDING)
        if waiting.update(available_at=Now()):
            wakeups.wake_on_commit(QUEUE.name)
    if "enabled" in changes:
        changes["disabled_reason"] = ""
        if not changes["enabled"]:
            stop_waiting(locked)
    Webhook.objects.filter(pk=locked.pk).update(**changes, updated_at=Now())
    audit.record_on_commit("webhook_changed", user_id=locked.owner_id, webhook=locked.pk)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def delete(webhook: Webhook, *, expected_version: ExpectedVersion | None = None) -> None:
    """Delete a webhook with its deliveries. Raises what `change` raises."""
    delete_locked(lock(webhook, expected_version))


def delete_locked(webhook: Webhook) -> None:
    """Delete a webhook that the caller's transaction has locked, with its deliveries."""
    audit.record_on_commit("webhook_deleted", user_id=webhook.owner_id, webhook=webhook.pk)
    webhook.delete()


@transaction.atomic
def rotate_secret(webhook: Webhook) -> Webhook:
    """Give a webhook a new secret. For `OVERLAP`, the old secret signs messages, too.

    Raises `TooManyRotations`, `NotFound`, `AccountGone`.
    """
    locked = lock(webhook)
    now = timezone.now()
    valid = [pair for pair in locked.old_secrets if datetime.fromisoformat(pair[1]) > now]
    if len(valid) >= MAX_OLD_SECRETS:
        raise TooManyRotations(
            f"{len(valid)} old secrets still sign messages; {MAX_OLD_SECRETS} are allowed. "
            f"The oldest expires at {valid[0][1]}.",
            limit=MAX_OLD_SECRETS,
            actual=len(valid),
        )
    old = [*valid, [locked.secret, (now + OVERLAP).isoformat()]]
    Webhook.objects.filter(pk=locked.pk).update(
        secret=signing.new_secret(), old_secrets=old, updated_at=Now()
    )
    audit.record_on_commit("webhook_secret_rotated", user_id=locked.owner_id, webhook=locked.pk)
    locked.refresh_from_db()
    return locked


def lock(webhook: Webhook, expected_version: ExpectedVersion | None = None) -> Webhook:
    """Lock a webhook until the transaction ends, if it has the expected version.

    Raises `NotFound`, `PreconditionFailed`, `AccountGone`.
    """
    share_owner(webhook.owner_id)
    return lock_version(Webhook.objects.filter(pk=webhook.pk), expected_version)
