"""What an owner does with webhooks and deliveries. Locks: owner, webhook, delivery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.locks import AccountGone, share_owner
from image_processor.jobs import fair, wakeups
from image_processor.jobs.model import FINISHED, Status
from utils import audit
from utils.errors import DomainError
from utils.outbound import Client, OutboundError
from utils.slots import Slots
from webhooks import deliveries, signing
from webhooks.disabling import stop_waiting
from webhooks.models import QUEUE, TEST_EVENT, Delivery, Webhook

MAX_PER_USER = 20
# How long a secret signs beside the one that replaced it, and how many may at a time.
OVERLAP = timedelta(hours=24)
MAX_OLD_SECRETS = 4

# How long a request may wait for the name of an address, and how many of a process may at a time:
# whose name server it is decides when it answers.
LOOK_UP_SECONDS = 3.0
_look_ups = Slots(settings.MAX_WAITING_REQUESTS)

Check = Callable[[Webhook], None]


class TooManyWebhooks(DomainError):
    code = "too_many_webhooks"
    status = 409
    title = "There are as many webhooks as there may be"


class TooManyRotations(DomainError):
    code = "too_many_rotations"
    status = 409
    title = "Too many secrets are in use"


class WebhookDisabled(DomainError):
    code = "webhook_disabled"
    status = 409
    title = "The webhook is disabled"


class DeliveryUnfinished(DomainError):
    code = "delivery_unfinished"
    status = 409
    title = "The delivery has not ended"


def create(
    owner_id: int,
    *,
    url: str,
    events: Sequence[str],
    description: str = "",
    on_created: Callable[[int], None] | None = None,
) -> Webhook:
    """A new webhook, with its secret. `on_created(id)` is called in the same transaction.

    Raises `OutboundError`, `TooManyWebhooks`, `AccountGone`.
    """
    require_usable(url)
    with transaction.atomic():
        # Locked, so that of many at once none gets past the limit.
        users = get_user_model().objects.select_for_update(no_key=True)
        if not users.filter(pk=owner_id).exists():
            raise AccountGone("The account was deleted.")
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
        if on_created:
            on_created(webhook.pk)
    webhook.refresh_from_db()
    return webhook


def require_usable(url: str) -> None:
    """Raise an `OutboundError` at `/url` for what no delivery could ever reach.

    A name that cannot be looked up at this moment is let through, also because others are being
    looked up: each delivery looks again.
    """
    try:
        with _look_ups.hold() as look_up:
            Client().check(url, seconds=LOOK_UP_SECONDS, look_up=look_up)
    except OutboundError as error:
        if not error.transient:
            raise type(error)(
                error.detail, pointer="/url", limit=error.limit, actual=error.actual
            ) from error


@transaction.atomic
def change(webhook: Webhook, *, check: Check, **changes: Any) -> Webhook:
    """Change url, events, description or enabled. `check` refuses an old version by raising.

    Disabled, it forgets what waits. At another address it starts anew, with what waits at once.
    Raises what `check` does, `Webhook.DoesNotExist`.
    """
    locked = _locked(webhook)
    check(locked)
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
def delete(webhook: Webhook, *, check: Check) -> None:
    """Remove it with its deliveries. Raises what `check` does, `Webhook.DoesNotExist`."""
    locked = _locked(webhook)
    check(locked)
    audit.record_on_commit("webhook_deleted", user_id=locked.owner_id, webhook=locked.pk)
    locked.delete()


@transaction.atomic
def rotate_secret(webhook: Webhook) -> Webhook:
    """Give it a new secret; the old one signs, too, for `OVERLAP`. Raises `TooManyRotations`."""
    locked = _locked(webhook)
    now = timezone.now()
    valid = [pair for pair in locked.old_secrets if datetime.fromisoformat(pair[1]) > now]
    if len(valid) >= MAX_OLD_SECRETS:
        raise TooManyRotations(
            f"{len(valid)} earlier secrets still sign; {MAX_OLD_SECRETS} may. "
            f"The oldest ends at {valid[0][1]}.",
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


@transaction.atomic
def send_test(webhook: Webhook, *, on_created: Callable[[int], None] | None = None) -> Delivery:
    """Have a `webhook.test` message delivered. Raises `WebhookDisabled`."""
    locked = _locked(webhook)
    _require_enabled(locked)
    body = deliveries.encode_message(TEST_EVENT, timezone.now(), {"webhook": locked.pk})
    delivery = deliveries.add_delivery(locked, TEST_EVENT, body)
    if on_created:
        on_created(delivery.pk)
    return delivery


@transaction.atomic
def redeliver(delivery: Delivery) -> None:
    """Send it again, with as many attempts as a new one; its `webhook-id` stays.

    Raises `WebhookDisabled`, `DeliveryUnfinished`, `Webhook.DoesNotExist`.
    """
    locked = _locked(delivery.webhook)
    _require_enabled(locked)
    position = fair.place(delivery.queue, delivery.owner_id, 1)
    ended = Delivery.objects.filter(pk=delivery.pk, status__in=FINISHED)
    changed = ended.update(
        status=Status.PENDING,
        position=position,
        attempts=0,
        excused=0,
        failures=0,
        progress=0,
        error_code="",
        error_message="",
        available_at=Now(),
        queued_at=Now(),
        started_at=None,
        finished_at=None,
        updated_at=Now(),
    )
    if not changed:
        raise DeliveryUnfinished("It is still being delivered; it can be sent again when it ended.")
    wakeups.wake_on_commit(QUEUE.name)


def _locked(webhook: Webhook) -> Webhook:
    share_owner(webhook.owner_id)
    return Webhook.objects.select_for_update().get(pk=webhook.pk)


def _require_enabled(webhook: Webhook) -> None:
    if not webhook.enabled:
        raise WebhookDisabled("Nothing is sent to a disabled webhook. Enable it first.")
