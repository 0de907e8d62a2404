"""The job type of deliveries: send, and write the outcome if the lease still holds."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.locks import AccountGone, share_owner
from image_processor.jobs import transitions
from image_processor.jobs.database_retry import retry_on_database_error
from image_processor.jobs.endings import Ending
from image_processor.jobs.job_type import JobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Status
from utils.slots import Slots
from webhooks.delivery import deliveries, receiver_state, retrying, sending
from webhooks.delivery.sending import Outcome
from webhooks.models import QUEUE, Delivery, Webhook

TRIES_KEPT = 20


class WebhookGone(Exception):
    """The webhook was deleted, and its deliveries with it."""


class NotAccepted(Exception):
    """The receiver did not accept the delivery."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class DeliveryJobType(JobType[Delivery]):
    """Deliveries: each sends one message to one webhook. Locks: owner, webhook, delivery."""

    model = Delivery
    queues = (QUEUE,)
    gone = (AccountGone, WebhookGone)
    # How many threads of the system worker may wait for receivers. The other threads are left for
    # mails, events and maintenance.
    slots = Slots(QUEUE.wakeups)

    def run(self, delivery: Delivery, lease: Lease) -> None:
        webhook = Webhook.objects.filter(pk=delivery.webhook_id).first()
        if webhook is None:
            raise WebhookGone
        if not webhook.enabled:
            transitions.cancel(Delivery.objects.filter(pk=delivery.pk))
            return
        outcome = sending.send(webhook, delivery)
        if not outcome.accepted:
            raise NotAccepted(outcome)
        self._accept(delivery, outcome)

    def lock(self, delivery: Delivery) -> None:
        share_owner(delivery.owner_id)
        rows = Webhook.objects.select_for_update(no_key=True)
        webhook = rows.filter(pk=delivery.webhook_id).first()
        if webhook is None:
            raise WebhookGone
        delivery.webhook = webhook

    def ending(self, delivery: Delivery, error: Exception) -> Ending:
        """Try for about a day, but end at once if the receiver answers 410."""
        if not isinstance(error, NotAccepted):
            return super().ending(delivery, error)
        outcome = error.outcome
        failures = delivery.failures + 1
        fields: dict[str, Any] = {"failures": failures, "tries": _tries(delivery, outcome)}
        if outcome.gone or failures >= retrying.ATTEMPTS:
            return Ending(transitions.fail, outcome.code, outcome.message, fields)
        pause = max(retrying.pause_after(failures), outcome.retry_after)
        again = {"seconds": pause, "new_place": True, **fields}
        return Ending(transitions.put_off, outcome.code, outcome.message, again)

    def after_ending(self, delivery: Delivery, error: Exception | None) -> None:
        if not isinstance(error, NotAccepted):
            return
        receiver_state.note_failure(delivery.webhook, delivery, error.outcome)
        if delivery.status == Status.FAILED:
            receiver_state.disable_if_due(delivery.webhook, error.outcome)

    def forget_old(self) -> int:
        return deliveries.forget_old()

    @retry_on_database_error
    def _accept(self, delivery: Delivery, outcome: Outcome) -> None:
        with transaction.atomic():
            self.lock(delivery)
            if not transitions.finish(delivery, tries=_tries(delivery, outcome)):
                raise LeaseLost
            receiver_state.note_acceptance(delivery.webhook, outcome)


def _tries(delivery: Delivery, outcome: Outcome) -> list[dict[str, Any]]:
    return [*delivery.tries, outcome.to_dict()][-TRIES_KEPT:]
