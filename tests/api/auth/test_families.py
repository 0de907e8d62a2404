"""Token families: exchange, reuse, grace, races, ends."""

from datetime import timedelta

import jwt
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.access.tokens import mint, read_refresh
from accounts.models import RefreshFamily

REFRESH = "/api/v1/token/refresh/"


def exchange(token):
    return APIClient().post(REFRESH, {"refresh": token})


def an_hour_later():
    for family in RefreshFamily.objects.exclude(rotated_at=None):
        family.rotated_at -= timedelta(hours=1)
        family.save()


@pytest.mark.parametrize("url", [REFRESH, "/api/token/refresh/"])
def test_an_exchange_gives_a_new_pair(ann, sign_in, bearer, url):
    body = sign_in()
    response = APIClient().post(url, {"refresh": body["refresh_token"]})
    assert response.status_code == 200
    pair = response.json()
    assert pair["refresh"] != body["refresh_token"]
    assert pair["access"] != body["access_token"]
    assert set(response.cookies) == {"access", "refresh", "signed_in"}
    assert bearer(pair["access"]).get("/api/v1/auth/user/").status_code == 200
    # Access tokens of before go on until they expire.
    assert bearer(body["access_token"]).get("/api/v1/auth/user/").status_code == 200
    assert RefreshFamily.objects.count() == 1


def test_an_exchange_prolongs_the_session(ann, sign_in, settings):
    token = sign_in()["refresh_token"]
    RefreshFamily.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert exchange(token).status_code == 200
    left = RefreshFamily.objects.get().expires_at - timezone.now()
    assert left > settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"] - timedelta(minutes=1)


def test_a_used_token_ends_the_session_for_everybody(ann, sign_in, bearer):
    stolen = sign_in()["refresh_token"]
    pair = exchange(stolen).json()
    an_hour_later()
    response = exchange(stolen)
    assert (response.status_code, response.json()["code"]) == (401, "session_revoked")
    assert exchange(pair["refresh"]).json()["code"] == "session_revoked"
    me = bearer(pair["access"]).get("/api/v1/auth/user/")
    assert (me.status_code, me.json()["code"]) == (401, "session_revoked")
    verify = APIClient().post("/api/v1/token/verify/", {"token": pair["access"]})
    assert verify.json()["code"] == "session_revoked"


def test_other_sessions_of_the_user_go_on(ann, sign_in):
    stolen, other = sign_in()["refresh_token"], sign_in()["refresh_token"]
    exchange(stolen)
    an_hour_later()
    assert exchange(stolen).status_code == 401
    assert exchange(other).status_code == 200


def test_the_previous_token_gets_the_current_pair_for_a_moment(ann, sign_in):
    first = sign_in()["refresh_token"]
    second = exchange(first).json()["refresh"]
    again = exchange(first)
    assert again.status_code == 200
    third = exchange(again.json()["refresh"])
    assert third.status_code == 200
    # It was the current one, not one of another branch: the second is now the previous one.
    assert exchange(second).status_code == 200
    assert RefreshFamily.objects.get().revoked_at is None


def test_the_token_before_the_previous_ends_the_session_at_once(ann, sign_in):
    first = sign_in()["refresh_token"]
    second = exchange(first).json()["refresh"]
    exchange(second)
    assert exchange(first).json()["code"] == "session_revoked"
    assert exchange(second).json()["code"] == "session_revoked"


@pytest.mark.parametrize("body", [{}, {"refresh": None}, {"refresh": ""}])
def test_empty_bodies_fall_back_to_the_cookie(browser, body):
    response = browser.post(REFRESH, body)
    assert response.status_code == 200
    assert "refresh" not in response.json()


def test_the_body_goes_before_the_cookie(browser, sign_in):
    mine = sign_in()["refresh_token"]
    response = browser.post(REFRESH, {"refresh": mine})
    assert response.json()["refresh"]
    rotated = RefreshFamily.objects.exclude(rotated_at=None)
    assert rotated.count() == 1


def test_cookie_mode_keeps_tokens_out_of_the_body(ann, sign_in):
    response = APIClient().post(
        REFRESH, {"refresh": sign_in()["refresh_token"]}, HTTP_X_AUTH_MODE="cookie"
    )
    assert set(response.json()) == {"access_expiration", "refresh_expiration"}
    assert response.cookies["refresh"].value


@pytest.mark.parametrize("body", [{"refresh": "nonsense"}, {"refresh": "a.b.c"}])
def test_a_broken_token(db, body):
    response = APIClient().post(REFRESH, body, format="json")
    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body", [{"refresh": "x" * 5000}, {"refresh": {}}, {"refresh": []}, {"refresh": 7}, []]
)
def test_a_body_of_the_wrong_shape(db, body):
    response = APIClient().post(REFRESH, body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")


def test_a_closed_account_gets_none(ann, sign_in):
    token = sign_in()["refresh_token"]
    ann.is_active = False
    ann.save()
    assert exchange(token).json()["code"] == "session_revoked"


@pytest.mark.django_db(transaction=True)
def test_parallel_exchanges_of_one_token_make_one_successor(ann, sign_in, at_once):
    token = sign_in()["refresh_token"]
    answers = at_once(8, lambda _: exchange(token))
    assert [answer.status_code for answer in answers] == [200] * 8
    family = RefreshFamily.objects.get()
    assert family.revoked_at is None
    claims = {read_refresh(answer.json()["refresh"]).jti for answer in answers}
    assert claims == {family.current}
    # And that one successor is good for the next exchange.
    assert exchange(answers[0].json()["refresh"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_parallel_reuse_is_refused_by_all(ann, sign_in, at_once):
    stolen = sign_in()["refresh_token"]
    exchange(stolen)
    an_hour_later()
    answers = at_once(6, lambda _: exchange(stolen).json()["code"])
    assert answers == ["session_revoked"] * 6


@pytest.mark.django_db(transaction=True)
def test_logout_beats_a_parallel_exchange(ann, sign_in, at_once):
    body = sign_in()

    def work(number):
        if number == 0:
            return APIClient().post("/api/v1/auth/logout/", {"refresh": body["refresh_token"]})
        return exchange(body["refresh_token"])

    answers = at_once(4, work)
    assert answers[0].status_code == 200
    for answer in answers[1:]:
        if answer.status_code == 200:
            assert exchange(answer.json()["refresh"]).json()["code"] == "session_revoked"
        else:
            assert answer.json()["code"] == "session_revoked"


@pytest.mark.parametrize("carrier", ["refresh", "refresh_token", "bearer"])
@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
def test_logout_ends_the_session(ann, sign_in, bearer, carrier, prefix):
    body = sign_in()
    if carrier != "bearer":
        response = APIClient().post(f"{prefix}auth/logout/", {carrier: body["refresh_token"]})
    else:
        response = bearer(body["access_token"]).post(f"{prefix}auth/logout/")
    assert (response.status_code, response.json()) == (
        200,
        {"detail": "Successfully logged out."},
    )
    assert response.cookies["refresh"]["max-age"] == 0
    assert exchange(body["refresh_token"]).json()["code"] == "session_revoked"
    me = bearer(body["access_token"]).get("/api/v1/auth/user/")
    assert me.json()["code"] == "session_revoked"


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"refresh": "nonsense"}, {"refresh": "a.b.c"}])
def test_logout_of_nobody_is_fine(body):
    response = APIClient().post("/api/v1/auth/logout/", body)
    assert (response.status_code, response.json()) == (
        200,
        {"detail": "Successfully logged out."},
    )


@pytest.mark.parametrize("path", ["auth/logout/", "token/refresh/"])
def test_two_different_refresh_tokens_are_refused(ann, sign_in, path):
    tokens = [sign_in()["refresh_token"] for _ in range(2)]
    body = dict(zip(("refresh", "refresh_token"), tokens, strict=True))
    response = APIClient().post(f"/api/v1/{path}", body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
    assert response.json()["errors"][0]["pointer"] == "/refresh_token"
    assert all(exchange(token).status_code == 200 for token in tokens)


def test_logout_by_an_expired_token_ends_the_session(ann, sign_in):
    token = sign_in()["refresh_token"]
    family = RefreshFamily.objects.get()
    family.expires_at = timezone.now() - timedelta(minutes=1)
    expired = mint(family).refresh
    assert exchange(expired).json()["code"] == "token_expired"
    assert APIClient().post("/api/v1/auth/logout/", {"refresh": expired}).status_code == 200
    assert exchange(token).json()["code"] == "session_revoked"


def test_logout_by_a_forged_token_ends_nothing(ann, sign_in):
    token = sign_in()["refresh_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = jwt.encode(claims, "another secret " * 4, algorithm="HS256")
    assert APIClient().post("/api/v1/auth/logout/", {"refresh": forged}).status_code == 200
    assert exchange(token).status_code == 200


def test_logout_again_is_fine(browser):
    for _ in range(2):
        assert browser.post("/api/v1/auth/logout/").status_code == 200
