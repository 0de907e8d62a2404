"""A reset by mail: the token works once, and nobody else keeps a way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.access import api_keys
from accounts.email_addresses import get_email_address, replace_email_address
from accounts.lifecycle import ending
from accounts.lifecycle.recovery import RECOVERED
from accounts.locks import AccountBusy
from accounts.models import ApiKey, User
from outbox import events
from outbox.models import Event
from tests.api.auth.mail_links import confirm, reset, reset_link
from tests.builders.locking import call_while_locked, locked_elsewhere
from webhooks.models import Webhook
from webhooks.recovery import delete_older_webhooks

ACCOUNT = "/api/v1/auth/user/"


@pytest.fixture(autouse=True)
def _no_rates(settings: Any) -> None:
    settings.RATE_LIMITS = False


def leave_access(user: User) -> None:
    with transaction.atomic():
        api_keys.create(user.pk, name="left", scopes=["images:read"])
    Webhook.objects.create(owner=user, url="https://example.com/", events=[], secret="whsec_a")


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_requests_use_the_token_once(ann: User, at_once: Any) -> None:
    link = reset_link(ann)
    answers = at_once(10, lambda number: reset(ann, new=f"a new horse {number}", link=link))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    refused = next(answer for answer in answers if answer.status_code == 400).json()
    assert [error["pointer"] for error in refused["errors"]] == ["/token"]
    number = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
    ann.refresh_from_db()
    assert ann.check_password(f"a new horse {number}")


@pytest.mark.django_db(transaction=True)
def test_access_from_before_the_confirmation_ends(ann: User) -> None:
    leave_access(ann)
    assert reset(ann).status_code == 200
    assert not ApiKey.objects.exists()
    while events.drain():
        pass
    assert not Webhook.objects.exists()
    ann.refresh_from_db()
    assert ann.email_confirmed_at is not None
    assert ann.emailaddress_set.get().verified


@pytest.mark.django_db(transaction=True)
def test_access_from_after_the_confirmation_stays(ann: User) -> None:
    leave_access(ann)
    User.objects.filter(pk=ann.pk).update(email_confirmed_at=timezone.now())
    leave_access(ann)
    ann.refresh_from_db()
    assert reset(ann).status_code == 200
    while events.drain():
        pass
    assert ApiKey.objects.count() == Webhook.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_that_a_fast_clock_dated_ends_without_a_confirmation(ann: User) -> None:
    leave_access(ann)
    ApiKey.objects.update(created_at=timezone.now() + timedelta(hours=1))
    assert reset(ann).status_code == 200
    assert not ApiKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_clock_of_the_database_dates_the_confirmation(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clocks of two web servers may differ."""
    leave_access(ann)
    real_now = timezone.now
    with monkeypatch.context() as fast:
        fast.setattr(timezone, "now", lambda: real_now() + timedelta(hours=1))
        assert verify(ann).status_code == 200
    with monkeypatch.context() as slow:
        slow.setattr(timezone, "now", lambda: real_now() - timedelta(hours=1))
        leave_access(ann)
    kept = ApiKey.objects.latest("pk")
    ann.refresh_from_db()
    assert reset(ann).status_code == 200
    assert ApiKey.objects.get() == kept


def verify(user: User) -> Any:
    return confirm(EmailConfirmationHMAC(get_email_address(user)).key)


def end_account(user: User) -> None:
    ending.end(user.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [end_account, replace_email_address])
def test_a_confirmation_waits_for_the_account_before_it_locks_the_address(
    ann: User, change: Callable[[User], Any]
) -> None:
    get_email_address(ann)
    answer = call_while_locked(ann, lambda: verify(ann), lambda: change(ann))
    assert answer.status_code == 400
    assert not EmailAddress.objects.filter(verified=True).exists()
    ann.refresh_from_db()
    assert ann.email_confirmed_at is None


def test_an_address_that_an_operator_enters_is_confirmed_by_its_own_mail_only(
    ann: User, admin_client: Client
) -> None:
    assert verify(ann).status_code == 200
    other = EmailAddress.objects.create(user=ann, email="first@example.com")
    unanswered = EmailConfirmationHMAC(other).key
    form = {"username": "ann", "email": "second@example.com", "is_active": "on"}
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert admin_client.post(f"/admin/accounts/user/{ann.pk}/change/", form).status_code == 302
    old = APIClient().post("/api/v1/auth/registration/verify-email/", {"key": unanswered})
    assert old.status_code == 400
    ann.refresh_from_db()
    assert (ann.email, ann.email_confirmed_at) == ("second@example.com", None)


@pytest.fixture
def recovered(ann: User) -> Event:
    leave_access(ann)
    assert reset(ann).status_code == 200
    return Event.objects.get(kind=RECOVERED)


@pytest.mark.django_db(transaction=True)
def test_removing_webhooks_does_not_wait_for_a_locked_account(ann: User, recovered: Event) -> None:
    """It holds the event meanwhile, for which the deletion of the account waits."""
    with locked_elsewhere(ann), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
        with pytest.raises(AccountBusy):
            delete_older_webhooks(recovered)
    connection.close()
    assert Webhook.objects.exists()
    delete_older_webhooks(recovered)
    assert not Webhook.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_events_of_a_deleted_account_need_no_second_attempt(ann: User, recovered: Event) -> None:
    Webhook.objects.update(events=["batch.finished"])
    with transaction.atomic():
        events.record("batch.finished", ann.pk, batch=1)
        events.record("mail.confirmation", ann.pk)
        ending.end(ann.pk)
    assert events.drain() == 3
    assert not Event.objects.filter(attempts__gt=0).exists()
    assert not EmailAddress.objects.exists()


def test_another_address_is_not_confirmed(ann: User, password: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "accounts.mails.server.MissingMailServer"
    User.objects.filter(pk=ann.pk).update(email_confirmed_at=timezone.now())
    ann.refresh_from_db()
    client = APIClient()
    client.force_authenticate(ann)
    answer = client.patch(ACCOUNT, {"email": "other@example.com", "password": password})
    assert answer.status_code == 200
    ann.refresh_from_db()
    assert ann.email_confirmed_at is None


def test_an_address_is_looked_up_for_the_right_password_only(ann: User, password: str) -> None:
    User.objects.create_user("bob", "bob@example.com", password)
    client = APIClient()
    client.force_authenticate(ann)
    answers = [
        client.patch(ACCOUNT, {"email": email, "password": "wrong"}).json()
        for email in ("bob@example.com", "nobody@example.com")
    ]
    assert [answer["errors"] for answer in answers] == [answers[0]["errors"]] * 2
