"""Registration with an address that has an account, where sign-in needs a confirmed address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from accounts.lifecycle import registration
from accounts.models import User
from tests.audit_lines import captured

URL = "/api/v1/auth/registration/"
PASSWORD = "correct horse battery"
Outbox = Callable[[], list[Any]]


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.PUBLIC_URL = "https://images.example.org"
    settings.RATE_LIMITS = False


def register(email: str, **body: str) -> Any:
    return APIClient().post(URL, {"email": email, "password": PASSWORD, **body})


@pytest.mark.parametrize("path", [URL, "/api/auth/register/"])
def test_the_answer_is_that_for_a_free_address(
    ann: User, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    hashed: list[str] = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *args: hashed.append("") or encode(*args)
    )
    answers = []
    for email in (ann.email, "ANN@example.com", "free@example.com"):
        hashed.clear()
        answer = APIClient().post(path, {"email": email, "password": PASSWORD})
        cookies = sorted(answer.cookies)
        answers.append((answer.status_code, answer.json(), cookies, len(hashed)))
    assert answers == [(201, {"detail": "Verification e-mail sent."}, [], 1)] * 3
    assert set(User.objects.values_list("email", flat=True)) == {ann.email, "free@example.com"}


def test_the_owner_gets_a_mail_with_the_way_in(ann: User, outbox: Outbox) -> None:
    with captured() as lines:
        register(ann.email)
        [message] = outbox()
    assert message.to == [ann.email]
    assert "https://images.example.org/login" in message.body
    assert "https://images.example.org/forgot" in message.body
    assert "verify-email" not in message.body
    assert [line["event"] for line in lines()] == ["account_exists_mailed"]
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_mail_says_how_to_confirm_an_address_that_was_never_confirmed(
    ann: User, outbox: Outbox, confirmed: bool
) -> None:
    EmailAddress.objects.create(user=ann, email=ann.email, primary=True, verified=confirmed)
    register(ann.email)
    assert ("has not been confirmed" in outbox()[0].body) is not confirmed


def test_a_closed_account_gets_no_mail(ann: User, outbox: Outbox) -> None:
    User.objects.update(is_active=False)
    assert register(ann.email).status_code == 201
    assert outbox() == []


def test_one_mailbox_gets_one_mail_a_minute(ann: User, outbox: Outbox, settings: Any) -> None:
    settings.RATE_LIMITS = True
    assert [register(ann.email).status_code for _ in range(3)] == [201] * 3
    assert len(outbox()) == 1


def test_a_taken_user_name_is_told_for_free_and_taken_addresses(ann: User) -> None:
    for email in (ann.email, "free@example.com"):
        answer = register(email, username="ANN")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "/username"


@pytest.mark.parametrize("email", ["bob@example.com", "free@example.com"])
def test_a_user_name_taken_by_a_parallel_registration_is_told(ann: User, email: str) -> None:
    """Whichever index the insert fails at; the name was free when the form was checked."""
    User.objects.create_user("bob", "bob@example.com", PASSWORD)
    with pytest.raises(ValidationError) as refusal:
        registration.register(email=email, username="ANN", password=PASSWORD)
    assert [error.code for error in refusal.value.error_dict["username"]] == ["username_taken"]


@pytest.mark.parametrize("email", ["bob@example.com", "bob@bücher.example"])
def test_an_address_as_user_name_tells_nothing(db: None, outbox: Outbox, email: str) -> None:
    answers = [register(email, username=email) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert [message.subject for message in outbox()] == [
        "Confirm your e-mail address",
        "You already have an account",
    ]


def test_an_address_that_is_somebody_else_s_user_name_is_refused(ann: User) -> None:
    """It is free as an address; the name is told like every other."""
    User.objects.filter(pk=ann.pk).update(username="bob@example.com")
    for _ in ("the address is free", "the address has an account"):
        answer = register("bob@example.com", username="bob@example.com")
        assert answer.json()["errors"][0]["code"] == "username_taken"
        User.objects.get_or_create(username="bob", email="bob@example.com")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_all_get_the_same_answer(at_once: Any, outbox: Outbox) -> None:
    answers = at_once(6, lambda number: register("bob@example.com", username=f"bob{number}"))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (201, b'{"detail":"Verification e-mail sent."}')
    }
    assert User.objects.count() == 1
    assert len(outbox()) == 6
