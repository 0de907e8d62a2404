"""One attempt of a delivery: sent, and its outcome written, if the lease still holds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from accounts.locks import AccountGone, share_owner
from image_processor.jobs import fair, transitions
from image_processor.jobs.claim import LEASE_SECONDS, claim
from image_processor.jobs.connections import let_go
from image_processor.jobs.model import Status
from utils.outbound import Client, OutboundError
from webhooks import disabling, retrying, signing
from webhooks.models import QUEUE, Delivery, Reason, Webhook

# For all of it: looking the name up, connecting, sending, and the answer to its end.
SECONDS = 10
assert SECONDS < LEASE_SECONDS  # so that nobody needs to renew the lease
# How long a receiver that does not answer is left alone.
HOLD_SECONDS = 300.0
EXCERPT = 500
TRIES_KEPT = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to: a status, or why there was none; `asked` is in seconds."""

    url: str
    at: datetime
    milliseconds: int
    status: int | None = None
    body: str = ""
    code: str = ""
    message: str = ""
    asked: float = 0

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410

    def to_dict(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "milliseconds": self.milliseconds,
            "status": self.status,
            "body": self.body,
            "error_code": self.code or None,
            "error_message": self.message or None,
        }


def send_next() -> bool:
    """Make one attempt of the next fair delivery; False when there is none to be sent now."""
    delivery = claim(Delivery, QUEUE, release=0)
    if delivery is None:
        return False
    webhook = Webhook.objects.filter(pk=delivery.webhook_id).first()
    if webhook is None or not webhook.enabled:
        transitions.cancel(Delivery.objects.filter(pk=delivery.pk))
    else:
        try:
            _settle(delivery, _send(webhook, delivery))
        except AccountGone:
            log.info("delivery_given_up", delivery=delivery.pk)
    return True


def _send(webhook: Webhook, delivery: Delivery) -> Outcome:
    body = delivery.body.encode()
    now = timezone.now()
    stamp = int(now.timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signing.signature_header(
            _secrets(webhook, now), message_id=delivery.message_id, timestamp=stamp, body=body
        ),
    }
    let_go()  # the other server may take its time
    start = time.monotonic()

    def outcome(**fields: Any) -> Outcome:
        return Outcome(webhook.url, now, round(1000 * (time.monotonic() - start)), **fields)

    try:
        answer = Client().post(webhook.url, body, headers=headers, seconds=SECONDS)
    except OutboundError as error:
        return outcome(code=error.code, message=error.detail)
    return outcome(
        status=answer.status,
        body=_excerpt(answer.body),
        code="" if 200 <= answer.status < 300 else "not_accepted",
        message="" if 200 <= answer.status < 300 else f"The receiver answered {answer.status}.",
        asked=retrying.asked_pause(answer.retry_after, now),
    )


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    old = [secret for secret, until in webhook.old_secrets if datetime.fromisoformat(until) > now]
    return [webhook.secret, *reversed(old)]


def _excerpt(body: bytes) -> str:
    text = body[: 4 * EXCERPT].decode(errors="replace")[:EXCERPT]
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL's text knows no zero


@transaction.atomic
def _settle(delivery: Delivery, outcome: Outcome) -> None:
    """Write the outcome. Locks: owner, webhook, fair share, delivery. Raises `AccountGone`."""
    share_owner(delivery.owner_id)
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=delivery.webhook_id).first()
    if webhook is None:
        return
    tries = [*delivery.tries, outcome.to_dict()][-TRIES_KEPT:]
    failures = delivery.excused + 1
    if outcome.accepted:
        if transitions.finish(delivery, tries=tries):
            _note_acceptance(webhook)
    elif outcome.gone or failures >= retrying.ATTEMPTS:
        if transitions.fail(delivery, outcome.code, outcome.message, tries=tries):
            _note_failure(webhook, delivery, outcome)
            _disable_if_due(webhook, outcome)
    else:
        pause = max(retrying.pause_after(failures), outcome.asked)
        place = fair.place(QUEUE, delivery.owner_id, 1)
        if transitions.put_off(
            delivery, outcome.code, outcome.message, seconds=pause, tries=tries, position=place
        ):
            _note_failure(webhook, delivery, outcome)


def _note_acceptance(webhook: Webhook) -> None:
    if webhook.failing_since is None and webhook.held_until is None:
        return
    if webhook.held_until is not None:
        _waiting(webhook).filter(available_at=webhook.held_until).update(available_at=Now())
    Webhook.objects.filter(pk=webhook.pk).update(
        failing_since=None, held_until=None, updated_at=Now()
    )


def _note_failure(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Remember since when it fails, and let all that waits for a silent receiver wait longer.

    Otherwise a thousand deliveries to one that hangs would each hold a place for seconds. The
    delivery itself comes earlier; when it is accepted, the others follow at once.
    """
    if webhook.url != outcome.url:
        return
    rows = Webhook.objects.filter(pk=webhook.pk)
    rows.filter(failing_since=None).update(failing_since=Now(), updated_at=Now())
    seconds = HOLD_SECONDS if outcome.status is None else outcome.asked
    if seconds:
        until = Now() + timedelta(seconds=seconds)
        rows.update(held_until=Greatest("held_until", until))
        held = rows.values_list("held_until", flat=True).get()
        others = _waiting(webhook).exclude(pk=delivery.pk)
        others.filter(available_at__lt=held).update(available_at=held)


def _waiting(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook, status=Status.PENDING)


def _disable_if_due(webhook: Webhook, outcome: Outcome) -> None:
    if webhook.url != outcome.url:
        return
    if outcome.gone:
        disabling.disable(webhook, Reason.GONE)
    elif webhook.failing_since and webhook.failing_since <= timezone.now() - disabling.FAILING_FOR:
        disabling.disable(webhook, Reason.FAILING)
