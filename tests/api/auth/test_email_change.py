"""PATCH auth/user/ with another e-mail address, and the link that makes it take effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.email_addresses import get_email_address
from accounts.models import User
from tests.api.auth.mail_links import confirm, confirmation_key, reset, reset_link
from tests.api.problems import refused
from tests.audit_lines import captured

ACCOUNT = "/api/v1/auth/user/"
NEW = "new@example.com"
TAKEN = "bob@example.com"
Outbox = Callable[[], list[Any]]


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.RATE_LIMITS = False


@pytest.fixture
def bob(db: None, password: str) -> User:
    return User.objects.create_user("bob", TAKEN, password)


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def request_change(ann: User, password: str) -> Callable[..., Any]:
    def request(email: str = NEW, **body: Any) -> Any:
        user = User.objects.get(pk=ann.pk)
        return client_of(user).patch(ACCOUNT, {"email": email, "password": password, **body})

    return request


def shown(user: User) -> tuple[str, str | None]:
    account = client_of(User.objects.get(pk=user.pk)).get(ACCOUNT).json()
    return account["email"], account["pending_email"]


@pytest.mark.parametrize("verification", ["none", "optional", "mandatory"])
def test_a_new_address_is_pending_until_its_link_is_opened(
    ann: User, request_change: Any, outbox: Outbox, settings: Any, verification: str
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    answer = request_change("New@Example.com")
    assert answer.status_code == 200
    assert "password" not in answer.json()
    assert (answer.json()["email"], answer.json()["pending_email"]) == (ann.email, NEW)
    [message] = outbox()
    assert message.to == [NEW]
    assert User.objects.get_by_login(ann.email) == ann
    assert not User.objects.with_email(NEW).exists()

    assert confirm(confirmation_key(message)).status_code == 200
    assert shown(ann) == (NEW, None)
    ann.refresh_from_db()
    assert ann.email_confirmed_at is not None
    address = EmailAddress.objects.get(user=ann)
    assert (address.email, address.primary, address.verified) == (NEW, True, True)


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_old_address_gets_a_notice_when_the_change_took_effect(
    ann: User, request_change: Any, outbox: Outbox, confirmed: bool
) -> None:
    """A mailbox that was never confirmed may be a stranger's."""
    User.objects.update(
        username="ann-of-the-notice", email_confirmed_at=timezone.now() if confirmed else None
    )
    request_change()
    confirm(confirmation_key(outbox()[0]))
    _, notice = outbox()
    assert notice.to == ["ann@example.com"]
    assert (NEW in notice.body) is confirmed
    assert ("ann-of-the-notice" in notice.body) is confirmed
    assert "verify-email" not in notice.body


def test_the_link_of_the_present_address_keeps_the_pending_one(
    ann: User, request_change: Any, outbox: Outbox
) -> None:
    request_change()
    pending = confirmation_key(outbox()[0])
    assert confirm(EmailConfirmationHMAC(get_email_address(ann)).key).status_code == 200
    assert shown(ann) == ("ann@example.com", NEW)
    ann.refresh_from_db()
    assert ann.email_confirmed_at is not None
    assert get_email_address(ann).verified
    assert confirm(pending).status_code == 200
    assert shown(ann) == (NEW, None)


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_pending_address_leaves_reset_links_valid(
    ann: User, request_change: Any, cancelled: bool
) -> None:
    if cancelled:
        request_change()
    link = reset_link(ann)
    if cancelled:
        client_of(ann).patch(ACCOUNT, {"email": ann.email})
    else:
        request_change()
    assert reset(ann, link=link).status_code == 200


def test_a_change_that_took_effect_ends_the_reset_links_of_the_previous_address(
    ann: User, request_change: Any, outbox: Outbox
) -> None:
    link = reset_link(ann)
    request_change()
    confirm(confirmation_key(outbox()[0]))
    assert reset(ann, link=link).status_code == 400


def test_a_link_works_once(ann: User, request_change: Any, outbox: Outbox) -> None:
    request_change()
    key = confirmation_key(outbox()[0])
    assert [confirm(key).status_code for _ in range(2)] == [200, 400]


def test_the_answer_does_not_tell_whether_the_address_is_taken(
    ann: User, bob: User, request_change: Any
) -> None:
    """What is not looked up cannot show in the time that the answer takes."""
    answers = []
    for email in (TAKEN, "eve@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answer = request_change(email)
        assert answer.json()["pending_email"] == email
        answers.append((answer.status_code, len(queries)))
        client_of(ann).patch(ACCOUNT, {"email": ann.email})
    assert answers[0] == answers[1]
    assert answers[0][0] == 200


def test_the_owner_of_a_taken_address_is_told_and_gets_no_link(
    ann: User, bob: User, request_change: Any, outbox: Outbox
) -> None:
    assert request_change(TAKEN).status_code == 200
    [message] = outbox()
    assert message.to == [TAKEN]
    assert "verify-email" not in message.body
    assert "ann" not in message.body


def test_the_present_address_cancels_the_change(
    ann: User, request_change: Any, outbox: Outbox
) -> None:
    request_change()
    key = confirmation_key(outbox()[0])
    answer = client_of(ann).patch(ACCOUNT, {"email": ann.email})
    assert (answer.status_code, answer.json()["pending_email"]) == (200, None)
    refused(confirm(key), 400, "invalid_input")
    assert shown(ann) == ("ann@example.com", None)


def test_no_mail_is_sent_for_a_change_that_was_cancelled(
    ann: User, request_change: Any, outbox: Outbox
) -> None:
    request_change()
    client_of(ann).patch(ACCOUNT, {"email": ann.email})
    assert outbox() == []


def test_the_whole_object_sent_back_cancels_nothing(ann: User, request_change: Any) -> None:
    request_change()
    client = client_of(ann)
    answer = client.put(ACCOUNT, client.get(ACCOUNT).json())
    assert answer.json()["pending_email"] == NEW


def test_another_address_replaces_the_pending_one(
    ann: User, request_change: Any, outbox: Outbox
) -> None:
    request_change()
    request_change("newer@example.com")
    assert shown(ann) == (ann.email, "newer@example.com")
    [message] = outbox()
    assert message.to == ["newer@example.com"]


def test_the_same_address_again_keeps_the_first_link_valid(
    ann: User, request_change: Any, outbox: Outbox
) -> None:
    request_change()
    request_change()
    first, second = outbox()
    assert second.to == [NEW]
    assert confirm(confirmation_key(first)).status_code == 200


def test_an_unconfirmed_present_address_stays(ann: User, request_change: Any) -> None:
    """allauth's own method would remove it, and leave the account without an address."""
    EmailAddress.objects.create(user=ann, email=ann.email, primary=True)
    request_change()
    request_change("newer@example.com")
    assert shown(ann) == ("ann@example.com", "newer@example.com")
    assert EmailAddress.objects.get(user=ann, primary=True).email == ann.email


def test_a_taken_address_is_told_to_whoever_opens_its_link(
    ann: User, request_change: Any, outbox: Outbox, password: str
) -> None:
    request_change()
    key = confirmation_key(outbox()[0])
    User.objects.create_user("bob", NEW, password)
    problem = refused(confirm(key), 400, "invalid_input")
    assert [error["code"] for error in problem["errors"]] == ["email_taken"]
    assert "Another account has this e-mail address" in problem["errors"][0]["detail"]
    ann.refresh_from_db()
    assert (ann.email, ann.email_confirmed_at) == ("ann@example.com", None)


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_once_gets_the_address(at_once: Any, outbox: Outbox, password: str) -> None:
    for number in range(4):
        user = User.objects.create_user(f"user{number}", f"user{number}@example.com", password)
        client_of(user).patch(ACCOUNT, {"email": NEW, "password": password})
    keys = [confirmation_key(message) for message in outbox()]
    answers = at_once(4, lambda number: confirm(keys[number]))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    codes = {answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 400}
    assert codes == {"email_taken"}
    assert User.objects.with_email(NEW).count() == 1


def change_password(user: User, password: str) -> None:
    new = dict.fromkeys(("new_password1", "new_password2"), "a new horse")
    body = {"old_password": password, **new}
    assert client_of(user).post("/api/v1/auth/password/change/", body).status_code == 200


def reset_password(user: User, password: str) -> None:
    assert reset(User.objects.get(pk=user.pk)).status_code == 200


@pytest.mark.parametrize("protect", [change_password, reset_password])
def test_a_new_password_cancels_the_change(
    ann: User, request_change: Any, outbox: Outbox, password: str, protect: Any
) -> None:
    """Whoever knew the old password may have requested the change."""
    request_change("thief@example.com")
    key = confirmation_key(outbox()[0])
    protect(ann, password)
    assert confirm(key).status_code == 400
    assert shown(ann) == ("ann@example.com", None)


def test_one_mailbox_gets_one_mail_a_minute(
    ann: User, bob: User, request_change: Any, outbox: Outbox, settings: Any, password: str
) -> None:
    settings.RATE_LIMITS = True
    answers = [
        request_change(),
        client_of(bob).patch(ACCOUNT, {"email": NEW, "password": password}),
    ]
    assert [answer.json()["pending_email"] for answer in answers] == [NEW, NEW]
    assert len(outbox()) == 1


def test_a_wrong_password_requests_nothing(ann: User, request_change: Any, outbox: Outbox) -> None:
    answer = request_change(password="wrong")
    assert answer.json()["errors"][0]["pointer"] == "/password"
    assert shown(ann) == (ann.email, None)
    assert outbox() == []


def test_a_pending_address_is_not_yet_a_user_name(ann: User, request_change: Any) -> None:
    answer = request_change(username=NEW)
    assert answer.json()["errors"][0]["pointer"] == "/username"
    assert shown(ann) == (ann.email, None)


@pytest.mark.django_db(transaction=True)
def test_audit_lines_follow_the_change(ann: User, request_change: Any, outbox: Outbox) -> None:
    with captured() as lines:
        request_change("other@example.com")
        client_of(ann).patch(ACCOUNT, {"email": ann.email})
        request_change()
        key = confirmation_key(outbox()[0])
        confirm(key)
        outbox()
    assert [line["event"] for line in lines()] == [
        "email_change_requested",
        "email_change_cancelled",
        "email_change_requested",
        "email_change_mailed",
        "email_verified",
        "email_changed",
        "email_change_notice_mailed",
    ]
    assert {line["user_id"] for line in lines()} == {ann.pk}
    assert "@example.com" not in lines.text
    assert key not in lines.text


# --- Without a mail server


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.EMAIL_BACKEND = "accounts.mails.server.MissingMailServer"


def test_without_a_mail_server_the_address_changes_at_once(
    ann: User, request_change: Any, no_mail_server: None
) -> None:
    assert request_change(username=NEW).status_code == 200
    assert shown(ann) == (NEW, None)
    assert [address.email for address in EmailAddress.objects.filter(user=ann)] == [NEW]


def test_without_a_mail_server_a_taken_address_is_told(
    ann: User, bob: User, request_change: Any, no_mail_server: None
) -> None:
    answer = request_change("BOB@example.com")
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/email", "email_taken")
