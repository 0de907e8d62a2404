"""Mails are sent by a worker: nothing is lost, and nothing tells who has an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from outbox.models import Event
from tests.audit_lines import captured
from tests.servers import mailroom
from utils import messages

RESET = "/api/v1/auth/password/reset/"
RESEND = "/api/v1/auth/registration/resend-email/"
Outbox = Callable[[], list[Any]]


@pytest.mark.parametrize("path", [RESET, RESEND])
def test_the_request_does_not_look_for_the_account(path: str, ann: User, outbox: Outbox) -> None:
    """What is not asked cannot show in the time that the answer takes."""
    asked = []
    for email in (ann.email, "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answer = APIClient().post(path, {"email": email})
        asked.append((answer.status_code, answer.json(), len(queries)))
        assert mail.outbox == []
    assert asked[0] == asked[1]
    assert asked[0][2] == 0
    sent = [(task, arguments[1]) for task, arguments in mailroom.messages()]
    assert sent == [
        ("accounts.tasks.queue_mail", ann.email),
        ("accounts.tasks.queue_mail", "nobody@example.com"),
    ]


def test_the_worker_finds_out(ann: User, outbox: Outbox) -> None:
    for email in (" ANN@example.com ", "nobody@example.com"):
        APIClient().post(RESET, {"email": email})
    [message] = outbox()
    assert message.to == [ann.email]
    assert outbox() == [message]


def test_without_a_broker_the_mail_waits_in_the_database(
    ann: User, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_paused_until", float("inf"))  # as after a failed attempt
    for email in (ann.email, "nobody@example.com"):
        answer = APIClient().post(RESET, {"email": email})
        assert answer.status_code == 200
    event = Event.objects.get(kind="mail.password_reset")
    assert event.owner_id == ann.pk
    assert len(outbox()) == 1


def test_a_mail_server_that_is_down_is_tried_again(
    ann: User, outbox: Outbox, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert APIClient().post(RESET, {"email": ann.email}).status_code == 200
    assert outbox() == []
    event = Event.objects.get(kind="mail.password_reset")
    assert (event.attempts, event.due_at is None) == (1, False)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Event.objects.update(due_at=Now())  # the pause is over
    assert len(outbox()) == 1
    event.refresh_from_db()
    assert event.due_at is None


def test_no_token_waits_in_the_outbox(ann: User, outbox: Outbox) -> None:
    APIClient().post(RESET, {"email": ann.email}, HTTP_X_REQUEST_ID="abc-3")
    with captured() as audit:
        outbox()
    event = Event.objects.get(kind="mail.password_reset")
    assert event.payload == {"request_id": "abc-3"}
    line = audit.only("password_reset_mailed")
    assert (line["user_id"], line["request_id"]) == (ann.pk, "abc-3")


def test_one_mailbox_gets_one_mail_a_minute_and_five_an_hour(
    ann: User, outbox: Outbox, settings: Any, clock: Any
) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "password_reset": "1000/hour"}
    User.objects.create_user("bob", "bob@example.com", None)
    answers = []
    for _ in range(10):
        for email in ("ann@example.com", "ANN@example.com", "nobody@example.com"):
            answer = APIClient().post(RESET, {"email": email})
            answers.append((answer.status_code, answer.json()))
        clock.now += 60
    assert len(set(map(str, answers))) == 1
    assert answers[0][0] == 200
    assert len(outbox()) == 5
    APIClient().post(RESET, {"email": "bob@example.com"})
    assert [message.to for message in outbox()[5:]] == [["bob@example.com"]]
    clock.now += 3600
    APIClient().post(RESET, {"email": ann.email})
    assert len(outbox()) == 7


@pytest.mark.parametrize("state", ["inactive", "gone"])
def test_an_account_that_is_closed_meanwhile_gets_none(
    ann: User, outbox: Outbox, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_paused_until", float("inf"))
    APIClient().post(RESET, {"email": ann.email})
    if state == "gone":
        ann.delete()
    else:
        User.objects.update(is_active=False)
    assert outbox() == []
    assert not Event.objects.filter(due_at__isnull=False).exists()
