"""Failed sign-ins lock the (account, address) pair for a while."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User

LOGIN = "/api/v1/auth/login/"
LIMIT = 3
WRONG = "wrong"


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.AXES_FAILURE_LIMIT = LIMIT


def attempt(login="ann", secret=WRONG, path=LOGIN, **headers):
    return APIClient().post(path, {"username": login, "password": secret}, **headers)


def is_locked(response):
    if response.status_code != 429:
        return False
    body = response.json()
    assert body["code"] == "locked_out"
    assert response["Content-Type"] == "application/problem+json"
    assert 0 < int(response["Retry-After"]) <= 15 * 60
    assert not response.cookies
    return True


@pytest.mark.parametrize("path", [LOGIN, "/api/auth/login/", "/api/v1/token/", "/api/token/"])
def test_the_limit_locks_even_the_right_password_out(ann, password, path):
    answers = [attempt(path=path) for _ in range(LIMIT)]
    assert [is_locked(answer) for answer in answers] == [False] * (LIMIT - 1) + [True]
    assert is_locked(attempt(secret=password, path=path))


def test_all_names_and_routes_count_for_the_same_account(ann, password):
    attempt("ann")
    attempt("ann@example.com", path="/api/v1/token/")
    APIClient().post(LOGIN, {"email": "ANN@example.com", "password": "wrong"})
    for login in ("ann", "ann@example.com", "Ann@Example.Com"):
        assert is_locked(attempt(login, password))


def test_it_is_the_same_for_accounts_that_do_not_exist(ann):
    known = [attempt("ann") for _ in range(LIMIT + 1)]
    unknown = [attempt(name) for name in ("nobody", "NOBODY", " nobody ", "nobody")]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    assert [set(answer.json()) for answer in known] == [set(answer.json()) for answer in unknown]


def test_unknown_accounts_cost_a_hash_too(ann, monkeypatch):
    hashed = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda *args: hashed.append("encode") or encode(*args)
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *args: hashed.append("verify") or verify(*args)
    )
    attempt("ann")
    attempt("nobody")
    assert hashed == ["verify", "encode"]


def test_other_accounts_and_other_addresses_go_on(ann, password):
    User.objects.create_user("bob", "bob@example.com", password)
    for _ in range(LIMIT):
        attempt()
    assert attempt("bob", password).status_code == 200
    assert attempt(secret=password, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_changing_the_user_agent_does_not_help(ann, password):
    for number in range(LIMIT):
        attempt(HTTP_USER_AGENT=f"agent {number}")
    assert is_locked(attempt(secret=password, HTTP_USER_AGENT="fresh"))


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_made_up_forwarded_for_does_not_help(ann, password, settings, proxies):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    # With one proxy, the last entry is what that proxy wrote.
    for number in range(LIMIT):
        attempt(HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 192.0.2.1")
    assert is_locked(attempt(secret=password, HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.1"))
    other = attempt(secret=password, HTTP_X_FORWARDED_FOR="10.0.0.1, 192.0.2.2")
    assert is_locked(other) == (proxies == 0)


def test_another_address_of_the_same_ipv6_network_does_not_help(ann, password):
    for number in range(LIMIT):
        attempt(REMOTE_ADDR=f"2001:db8:0:1::{number:x}")
    assert is_locked(attempt(secret=password, REMOTE_ADDR="2001:db8:0:1:dead:beef:0:1"))
    assert attempt(secret=password, REMOTE_ADDR="2001:db8:0:2::1").status_code == 200


def test_success_forgives_the_network(ann, password):
    for address in ("2001:db8:0:1::1", "2001:db8:0:1::2"):
        attempt(REMOTE_ADDR=address)
    assert attempt(secret=password, REMOTE_ADDR="2001:db8:0:1::3").status_code == 200
    assert not AccessAttempt.objects.exists()


def test_an_address_that_is_none(ann, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert attempt(HTTP_X_FORWARDED_FOR="unknown").status_code == 400


def test_success_starts_the_count_anew(ann, password):
    for _ in range(3):
        attempt()
        attempt()
        assert attempt(secret=password).status_code == 200
    assert not AccessAttempt.objects.exists()


def test_the_lock_ends_and_attempts_meanwhile_do_not_prolong_it(ann, password, settings):
    for _ in range(LIMIT):
        attempt()
    AccessAttempt.objects.update(
        attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME + timedelta(minutes=1)
    )
    waiting = attempt(secret=password)
    assert is_locked(waiting)
    assert int(waiting["Retry-After"]) <= 60
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)
    assert attempt(secret=password).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("login", ["ann", "nobody"])
def test_parallel_attempts_get_no_more_tries(ann, at_once, login, monkeypatch):
    tried = []
    for name in ("encode", "verify"):
        plain = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda *args, plain=plain: tried.append(1) or plain(*args)
        )
    answers = at_once(12, lambda number: attempt(login, f"guess {number}"))
    assert len(tried) == LIMIT
    assert sorted(answer.status_code for answer in answers) == [400] * (LIMIT - 1) + [429] * (
        12 - LIMIT + 1
    )


def test_guessing_through_a_stolen_session_is_counted_too(ann, password, sign_in, bearer):
    thief = bearer(sign_in()["access_token"])
    tries = [
        thief.post(
            "/api/v1/auth/password/change/",
            {"old_password": "a", "new_password1": "new horse 12", "new_password2": "new horse 12"},
        ),
        thief.delete("/api/v1/auth/user/", {"password": "b"}),
        thief.patch("/api/v1/auth/user/", {"email": "x@example.com", "password": "c"}),
    ]
    assert [answer.status_code for answer in tries] == [400, 400, 429]
    assert is_locked(thief.delete("/api/v1/auth/user/", {"password": password}))
    assert User.objects.filter(pk=ann.pk).exists()


def test_the_admin_counts_alike(ann, password):
    for _ in range(LIMIT - 1):
        APIClient().post(
            "/admin/login/", {"username": "ann@example.com", "password": "x"}, format="multipart"
        )
    attempt()
    locked = APIClient().post(
        "/admin/login/", {"username": "ann", "password": password}, format="multipart"
    )
    assert locked.status_code == 429
    assert locked["Content-Type"] == "text/plain"


def test_nothing_grows_with_successful_sign_ins(ann, password):
    attempt(secret=password)
    assert not AccessLog.objects.exists()
    assert not AccessAttempt.objects.exists()


def test_rate_limit(ann, password, settings):
    """Beside the lock: many accounts tried from one address."""
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "login": "2/hour", "anon": "999/hour"}
    address = {"REMOTE_ADDR": "203.0.113.77"}
    answers = [
        attempt(f"user{number}", path=path, **address)
        for number, path in enumerate((LOGIN, "/api/token/", LOGIN, "/api/v1/token/"))
    ]
    assert [answer.status_code for answer in answers] == [400, 401, 429, 429]
    assert answers[2].json()["code"] == "rate_limited"


@pytest.mark.django_db(transaction=True)
def test_parallel_attempts_at_the_admin_get_no_more_tries(ann, at_once, monkeypatch):
    tried = []
    plain = Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda *args: tried.append(1) or plain(*args)
    )

    def guess(number):
        form = {"username": "ann", "password": f"guess {number}"}
        return APIClient().post("/admin/login/", form, format="multipart").status_code

    assert sorted(at_once(12, guess)) == [200] * (LIMIT - 1) + [429] * (12 - LIMIT + 1)
    assert len(tried) == LIMIT
