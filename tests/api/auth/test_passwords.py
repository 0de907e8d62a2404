"""Reset, confirm, change."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIClient

from accounts.models import RefreshFamily

RESET = "/api/v1/auth/password/reset/"
CHANGE = "/api/v1/auth/password/change/"
NEW = {"new_password1": " a new horse ", "new_password2": " a new horse "}


def link_of(message):
    [link] = re.findall(r"https?://\S+/reset\?\S+", message.body)
    query = parse_qs(urlsplit(link).query)
    return link, {"uid": query["uid"][0], "token": query["token"][0]}


@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
@pytest.mark.parametrize("typed", ["ann@example.com", "ANN@Example.com"])
def test_reset_from_mail_to_new_password(api, ann, sign_in, settings, prefix, typed, outbox):
    settings.PUBLIC_URL = "https://images.example.org"
    old = sign_in()
    api.post(f"{prefix}auth/password/reset/", {"email": typed})
    [message] = outbox()
    assert message.to == ["ann@example.com"]
    link, proof = link_of(message)
    assert link.startswith("https://images.example.org/reset?uid=")
    response = api.post(f"{prefix}auth/password/reset/confirm/", {**proof, **NEW})
    assert (response.status_code, list(response.json())) == (200, ["detail"])
    assert not response.cookies
    # Ends all sessions; the spaces belong to the password; the link works once.
    refresh = APIClient().post("/api/v1/token/refresh/", {"refresh": old["refresh_token"]})
    assert refresh.json()["code"] == "session_revoked"
    assert sign_in(secret=" a new horse ")["access_token"]
    again = api.post(f"{prefix}auth/password/reset/confirm/", {**proof, **NEW})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (400, "/token")


@pytest.mark.parametrize("active", [True, False])
def test_reset_answers_the_same_whether_or_not_there_is_an_account(api, ann, active, outbox):
    ann.is_active = active
    ann.save()
    answers = [api.post(RESET, {"email": email}) for email in (ann.email, "nobody@example.com")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len(outbox()) == active


def test_the_mail_does_not_trust_the_host_header(api, ann, settings, outbox):
    settings.PUBLIC_URL = "https://images.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    api.post(RESET, {"email": ann.email}, HTTP_HOST="evil.example")
    assert "evil.example" not in outbox()[0].body + outbox()[0].subject


def test_reset_lifts_the_lock(api, ann, settings, sign_in, outbox):
    settings.AXES_FAILURE_LIMIT = 1
    api.post("/api/v1/auth/login/", {"username": "ann", "password": "wrong"})
    api.post(RESET, {"email": ann.email})
    api.post(f"{RESET}confirm/", {**link_of(outbox()[0])[1], **NEW})
    assert sign_in(secret=" a new horse ")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"uid": "zz"}, "/uid"),
        ({"uid": "z" * 13}, "/uid"),
        ({"uid": "-1"}, "/uid"),
        ({"uid": "\u0661"}, "/uid"),
        ({"uid": "!"}, "/uid"),
        ({"token": "abc-def"}, "/token"),
        ({"token": "x" * 500}, "/token"),
        ({"new_password2": "different one"}, "/new_password2"),
        ({"new_password1": "12345678", "new_password2": "12345678"}, "/new_password2"),
        ({"new_password1": ""}, "/new_password1"),
    ],
)
def test_confirm_refuses(api, ann, password, change, pointer, sign_in, outbox):
    api.post(RESET, {"email": ann.email})
    proof = link_of(outbox()[0])[1]
    response = api.post(f"{RESET}confirm/", {**proof, **NEW, **change})
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
    assert sign_in(secret=password)


@pytest.mark.parametrize("url", [CHANGE, "/api/auth/password/change/"])
def test_change_keeps_this_session_and_ends_the_others(ann, password, sign_in, bearer, url):
    other, mine = sign_in(), sign_in()
    client = bearer(mine["access_token"])
    response = client.post(url, {"old_password": password, **NEW})
    assert (response.status_code, response.json()) == (
        200,
        {"detail": "New password has been saved."},
    )
    assert "sessionid" not in response.cookies
    assert client.get("/api/v1/auth/user/").status_code == 200
    refresh = APIClient().post("/api/v1/token/refresh/", {"refresh": mine["refresh_token"]})
    assert refresh.status_code == 200
    ended = bearer(other["access_token"]).get("/api/v1/auth/user/")
    assert ended.json()["code"] == "session_revoked"
    assert sign_in(secret=" a new horse ")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"old_password": "wrong", **NEW}, "/old_password", "password_incorrect"),
        (NEW, "/old_password", "required"),
        ({"new_password1": "x"}, "/old_password", "required"),
        (
            {"new_password1": "another horse", "new_password2": "b"},
            "/new_password2",
            "password_mismatch",
        ),
        (
            {"new_password1": "12345678", "new_password2": "12345678"},
            "/new_password2",
            "password_too_common",
        ),
    ],
)
def test_change_refuses(ann, password, sign_in, bearer, body, pointer, code):
    if code not in ("required", "password_incorrect"):
        body = {"old_password": password, **body}
    client = bearer(sign_in()["access_token"])
    response = client.post(CHANGE, body)
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["pointer"] == pointer
    assert error["code"] == code
    assert not RefreshFamily.objects.exclude(revoked_at=None).exists()
    assert sign_in()


def test_change_needs_somebody(api, db):
    response = api.post(CHANGE, {"old_password": "x", **NEW})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


@pytest.mark.django_db(transaction=True)
def test_no_sign_in_with_the_old_password_outlives_a_change(
    ann, password, sign_in, bearer, at_once
):
    """Whatever the order in which they arrive."""
    client = bearer(sign_in()["access_token"])

    def work(number):
        if number == 0:
            return client.post(CHANGE, {"old_password": password, **NEW}).status_code
        body = {"username": "ann", "password": password}
        return APIClient().post("/api/v1/auth/login/", body).status_code

    answers = at_once(6, work)
    assert answers[0] == 200
    assert set(answers[1:]) <= {200, 400, 401, 429}
    assert RefreshFamily.objects.filter(revoked_at=None).count() == 1
