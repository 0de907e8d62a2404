"""What the outcome of an attempt does to the delivery, the webhook and all that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from image_processor.jobs import runner
from webhooks import endpoints
from webhooks.delivery import deliveries, retrying, sending
from webhooks.delivery.sending import Outcome
from webhooks.models import QUEUE, Delivery, Webhook

URL = "https://93.184.216.34/hook"
SILENT = {"code": "remote_timeout", "message": "It took too long."}


def is_due(delivery: Delivery) -> bool:
    """Whether its next attempt may begin, by the database's clock."""
    return Delivery.objects.filter(pk=delivery.pk, available_at__lte=Now()).exists()


@pytest.fixture
def webhook(user: Any) -> Webhook:
    made = Webhook.objects.create(owner=user, url=URL, events=["task.failed"], secret="x")
    made.refresh_from_db()
    return made


@pytest.fixture
def attempt(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Delivery]:
    """Add a delivery, and give the next attempt this outcome; returns the delivery it was of."""

    def make(url: str = URL, **fields: Any) -> Delivery:
        tried: list[int] = []

        def send(_: Webhook, delivery: Delivery) -> Outcome:
            tried.append(delivery.pk)
            return Outcome(url, timezone.now(), 5, **fields)

        monkeypatch.setattr(sending, "send", send)
        webhook.held_until = None
        deliveries.add_delivery(webhook, "task.failed", "{}")
        assert runner.run_next(QUEUE.name)
        webhook.refresh_from_db()
        return Delivery.objects.get(pk=tried[0])

    return make


def test_a_webhook_fails_since_the_first_failure(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    attempt(status=500, code="not_accepted")
    assert webhook.failing_since is not None
    earlier = webhook.failing_since - timedelta(days=3)
    Webhook.objects.update(failing_since=earlier)
    attempt(status=500, code="not_accepted")
    assert webhook.failing_since == earlier
    attempt(status=204)
    assert webhook.failing_since is None


def test_a_failure_of_an_address_that_was_changed_since_is_not_the_new_one_s(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    delivery = attempt("https://93.184.216.34/before", **SILENT)
    assert (delivery.status, delivery.error_code) == ("PENDING", "remote_timeout")
    assert (webhook.failing_since, webhook.held_until) == (None, None)


def test_an_acceptance_at_an_earlier_address_does_not_clear_failures_of_the_present_one(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    attempt(**SILENT)
    failing_since, held_until = webhook.failing_since, webhook.held_until
    Delivery.objects.update(available_at=Now())
    assert attempt("https://93.184.216.34/before", status=204).status == "SUCCESS"
    assert (webhook.failing_since, webhook.held_until) == (failing_since, held_until)


def test_an_address_that_was_changed_since_does_not_disable_the_new_one(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    delivery = attempt("https://93.184.216.34/before", status=410, code="not_accepted")
    assert delivery.status == "FAILED"
    assert webhook.enabled


def test_what_waits_for_a_silent_receiver_waits_longer_than_what_was_tried(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    deliveries.add_delivery(webhook, "task.failed", "{}")
    tried = attempt(**SILENT)
    (other,) = Delivery.objects.exclude(pk=tried.pk)
    assert other.available_at == webhook.held_until
    assert other.available_at - tried.available_at > timedelta(seconds=280)


def test_when_a_silent_receiver_is_back_the_rest_follows_at_once(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    deliveries.add_delivery(webhook, "task.failed", "{}")
    tried = attempt(**SILENT)
    (other,) = Delivery.objects.exclude(pk=tried.pk)
    assert not is_due(other)
    attempt(status=204)
    assert webhook.held_until is None
    assert is_due(other)


def test_only_gone_ends_a_delivery_at_the_first_attempt(
    webhook: Webhook, attempt: Callable[..., Delivery]
) -> None:
    assert attempt(status=404, code="not_accepted").status == "PENDING"
    assert webhook.enabled
    assert attempt(status=410, code="not_accepted").status == "FAILED"
    assert (webhook.enabled, webhook.disabled_reason) == (False, "gone")


def test_another_address_starts_anew(webhook: Webhook, attempt: Callable[..., Delivery]) -> None:
    waiting = attempt(**SILENT)
    assert webhook.failing_since is not None
    assert webhook.held_until is not None
    changed = endpoints.change(webhook, url=f"{URL}/new")
    assert (changed.failing_since, changed.held_until) == (None, None)
    assert is_due(waiting)


def test_nothing_is_sent_to_a_webhook_that_is_disabled(webhook: Webhook) -> None:
    """Not even what was written at the moment when it was being disabled."""
    delivery = deliveries.add_delivery(webhook, "task.failed", "{}")
    Webhook.objects.update(enabled=False, url="http://127.0.0.1:9/")
    assert runner.run_next(QUEUE.name)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries) == ("CANCELLED", [])


def test_pauses_differ_by_chance() -> None:
    """What failed at one moment does not come back at one moment."""
    pauses = {retrying.pause_after(2) for _ in range(20)}
    assert len(pauses) > 10
    assert 0.8 * 27 <= min(pauses) <= max(pauses) <= 1.2 * 27


def test_an_old_secret_signs_for_a_day_after_a_rotation(webhook: Webhook) -> None:
    now = timezone.now()
    ((secret, until),) = endpoints.rotate_secret(webhook).old_secrets
    left = datetime.fromisoformat(until) - now
    assert secret == "x"
    assert timedelta(hours=24) <= left < timedelta(hours=24, minutes=1)
