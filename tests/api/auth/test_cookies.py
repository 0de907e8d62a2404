"""The cookies: attributes, paths, lifetimes, and their end."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

LOGIN = "/api/v1/auth/login/"


@pytest.fixture
def cookies(api, ann, password):
    return api.post(LOGIN, {"username": "ann", "password": password}).cookies


@pytest.mark.parametrize(
    ("name", "path", "token"),
    [("access", "/", "ACCESS"), ("refresh", "/api/", "REFRESH"), ("signed_in", "/", "REFRESH")],
)
def test_attributes(cookies, settings, name, path, token):
    cookie = cookies[name]
    lifetime = settings.SIMPLE_JWT[f"{token}_TOKEN_LIFETIME"]
    assert cookie["path"] == path
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["secure"] == ""
    assert cookie["domain"] == ""
    # Clients take the presence of `access` for a session.
    assert timedelta(seconds=int(cookie["max-age"])) == lifetime


def test_the_marker_says_nothing(cookies):
    assert cookies["signed_in"].value == "1"


def test_secure_and_samesite_follow_the_settings(api, ann, password, settings):
    settings.REST_AUTH = {
        **settings.REST_AUTH,
        "JWT_AUTH_SECURE": True,
        "JWT_AUTH_SAMESITE": "None",
    }
    cookies = api.post(LOGIN, {"username": "ann", "password": password}).cookies
    assert [cookie["secure"] for cookie in cookies.values()] == [True] * 3
    assert [cookie["samesite"] for cookie in cookies.values()] == ["None"] * 3


def test_they_sign_requests_in_until_logout(browser, ann):
    assert browser.get("/api/v1/auth/user/").json()["id"] == ann.pk
    response = browser.post("/api/v1/auth/logout/")
    assert response.json() == {"detail": "Successfully logged out."}
    for name, path in (("access", "/"), ("refresh", "/api/"), ("signed_in", "/")):
        cookie = response.cookies[name]
        assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, path)
    assert browser.get("/api/v1/auth/user/").json()["code"] == "not_authenticated"


def test_refresh_by_cookie_gives_new_cookies_and_no_tokens(browser):
    before = {name: browser.cookies[name].value for name in ("access", "refresh")}
    response = browser.post("/api/v1/token/refresh/")
    assert response.status_code == 200
    assert set(response.json()) == {"access_expiration", "refresh_expiration"}
    assert set(response.cookies) == {"access", "refresh", "signed_in"}
    after = {name: browser.cookies[name].value for name in ("access", "refresh")}
    assert before["access"] != after["access"]
    assert before["refresh"] != after["refresh"]
    assert browser.get("/api/v1/auth/user/").status_code == 200


def test_a_session_without_an_access_token_needs_a_refresh(browser):
    """As in a browser whose access cookie has expired."""
    del browser.cookies["access"]
    for method in ("get", "patch"):
        response = getattr(browser, method)("/api/v1/auth/user/")
        assert (response.status_code, response.json()["code"]) == (401, "token_expired")
    assert browser.post("/api/v1/token/refresh/").status_code == 200
    assert browser.get("/api/v1/auth/user/").status_code == 200


def test_refused_cookies_are_cleared(browser):
    browser.cookies["refresh"] = "broken"
    response = browser.post("/api/v1/token/refresh/")
    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
    assert response.cookies["signed_in"]["max-age"] == 0


def test_a_refused_body_leaves_the_cookies_alone(browser):
    response = browser.post("/api/v1/token/refresh/", {"refresh": "broken"})
    assert response.status_code == 401
    assert not response.cookies


def test_no_token_at_all(db):
    response = APIClient().post("/api/v1/token/refresh/", {"refresh": ""})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")
