"""A reset by mail: the token works once, and nobody else keeps a way in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import api_keys
from accounts.models import ApiKey, User
from outbox import events
from webhooks.models import Webhook

CONFIRM = "/api/v1/auth/password/reset/confirm/"
ACCOUNT = "/api/v1/auth/user/"


@pytest.fixture(autouse=True)
def _no_rates(settings: Any) -> None:
    settings.RATE_LIMITS = False


def proof(user: User) -> dict[str, str]:
    return {
        "uid": user_pk_to_url_str(user),
        "token": default_token_generator.make_token(user),
    }


def new(number: int) -> dict[str, str]:
    return dict.fromkeys(("new_password1", "new_password2"), f"a new horse {number}")


def leave_access(user: User) -> None:
    with transaction.atomic():
        api_keys.create(user.pk, name="left", scopes=["images:read"])
    Webhook.objects.create(owner=user, url="https://example.com/", events=[], secret="whsec_a")


def reset(user: User) -> Any:
    return APIClient().post(CONFIRM, {**proof(user), **new(1)})


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_requests_use_the_token_once(ann: User, at_once: Any) -> None:
    link = proof(ann)
    answers = at_once(10, lambda number: APIClient().post(CONFIRM, {**link, **new(number)}))
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


def test_another_address_is_not_confirmed(ann: User, password: str) -> None:
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
