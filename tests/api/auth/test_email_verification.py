"""EMAIL_VERIFICATION: the mail, its link, and signing in before it was followed."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models.functions import Now

from accounts.models import RefreshFamily
from outbox.models import Event

REGISTRATION = "/api/v1/auth/registration/"
BODY = {"email": "bob@example.com", "password": "correct horse battery"}


@pytest.fixture
def mandatory(settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.PUBLIC_URL = "https://images.example.org"


def key_of(message) -> str:
    [link] = re.findall(r"https?://\S+/verify-email\?\S+", message.body)
    assert link.startswith("https://images.example.org/verify-email?")
    return parse_qs(urlsplit(link).query)["key"][0]


def test_signs_in_only_after_the_link_was_followed(api, mandatory, outbox):
    response = api.post(REGISTRATION, BODY)
    assert response.status_code == 201
    assert response.json() == {"detail": "Verification e-mail sent."}
    assert not response.cookies
    assert not RefreshFamily.objects.exists()
    [message] = outbox()
    assert message.to == ["bob@example.com"]

    for path in ("auth/login/", "token/"):
        early = api.post(f"/api/v1/{path}", {"username": "bob", "password": BODY["password"]})
        assert (early.status_code, early.json()["code"]) == (403, "email_not_verified")
        assert not early.cookies

    verified = api.post(f"{REGISTRATION}verify-email/", {"key": key_of(message)})
    assert (verified.status_code, verified.json()) == (200, {"detail": "ok"})
    assert "sessionid" not in verified.cookies
    assert api.post("/api/v1/auth/login/", BODY).status_code == 200


def test_a_wrong_password_does_not_tell_that_the_address_is_unverified(api, mandatory):
    api.post(REGISTRATION, BODY)
    response = api.post("/api/v1/auth/login/", {**BODY, "password": "wrong"})
    assert response.json()["errors"][0]["code"] == "invalid_credentials"


@pytest.mark.parametrize("key", ["", "nonsense", "MQ:1abc:forged", "é" * 10, "x" * 600])
def test_refuses_a_wrong_key(api, mandatory, key):
    response = api.post(f"{REGISTRATION}verify-email/", {"key": key})
    assert response.status_code == 400
    assert response.json()["key"]


def test_refuses_a_key_that_was_used(api, mandatory, outbox):
    api.post(REGISTRATION, BODY)
    key = key_of(outbox()[0])
    codes = [api.post(f"{REGISTRATION}verify-email/", {"key": key}).status_code for _ in range(2)]
    assert codes == [200, 400]


def test_sends_the_mail_again_and_does_not_tell_who_has_an_account(api, mandatory, outbox):
    api.post(REGISTRATION, BODY)
    answers = [
        api.post(f"{REGISTRATION}resend-email/", {"email": email})
        for email in ("BOB@example.com", "nobody@example.com")
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (200, {"detail": "ok"})
    ] * 2
    assert [message.to for message in outbox()] == [["bob@example.com"]] * 2
    key = key_of(outbox()[1])
    assert api.post(f"{REGISTRATION}verify-email/", {"key": key}).status_code == 200
    api.post(f"{REGISTRATION}resend-email/", {"email": "bob@example.com"})
    assert len(outbox()) == 2


def test_an_account_made_on_the_command_line_can_ask_for_the_mail(
    api, mandatory, ann, password, outbox
):
    early = api.post("/api/v1/auth/login/", {"username": "ann", "password": password})
    assert early.json()["code"] == "email_not_verified"
    api.post(f"{REGISTRATION}resend-email/", {"email": ann.email})
    api.post(f"{REGISTRATION}verify-email/", {"key": key_of(outbox()[0])})
    late = api.post("/api/v1/auth/login/", {"username": "ann", "password": password})
    assert late.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "mails"), [("none", 0), ("optional", 1)])
def test_without_mandatory_the_session_starts_at_once(api, settings, method, mails, outbox):
    settings.ACCOUNT_EMAIL_VERIFICATION = method
    assert api.post(REGISTRATION, BODY).json()["access_token"]
    assert len(outbox()) == mails


def test_a_mail_server_that_is_down_is_no_error(api, mandatory, settings, outbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert api.post(REGISTRATION, BODY).status_code == 201
    outbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Event.objects.update(due_at=Now())  # the pause before the next attempt is over
    assert len(outbox()) == 1
