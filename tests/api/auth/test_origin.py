"""Requests that live on cookies come from an allowed page, or not at all."""

import pytest
from rest_framework.test import APIClient

HEADERS = {
    "own host": ({"HTTP_ORIGIN": "http://testserver"}, True),
    "own host, port said": ({"HTTP_ORIGIN": "http://testserver:80"}, True),
    "own host, capitals": ({"HTTP_ORIGIN": "HTTP://TESTSERVER"}, True),
    "public url": ({"HTTP_ORIGIN": "https://images.example.org"}, True),
    "listed page": ({"HTTP_ORIGIN": "http://localhost:3000"}, True),
    "foreign": ({"HTTP_ORIGIN": "https://evil.example"}, False),
    "other scheme": ({"HTTP_ORIGIN": "https://testserver"}, False),
    "other port": ({"HTTP_ORIGIN": "http://testserver:8080"}, False),
    "prefix": ({"HTTP_ORIGIN": "http://testserver.evil.example"}, False),
    "as user": ({"HTTP_ORIGIN": "http://testserver@evil.example"}, False),
    "null": ({"HTTP_ORIGIN": "null"}, False),
    "empty": ({"HTTP_ORIGIN": ""}, False),
    "odd port": ({"HTTP_ORIGIN": "http://testserver:99999"}, False),
    "half an address": ({"HTTP_ORIGIN": "http://[::1"}, False),
    "foreign origin, same site": (
        {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "same-origin"},
        False,
    ),
    "same-origin": ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
    "by hand": ({"HTTP_SEC_FETCH_SITE": "none"}, True),
    "same-site": ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
    "cross-site": ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
    "cross-site, own referer": (
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_REFERER": "http://testserver/"},
        False,
    ),
    "own referer": ({"HTTP_REFERER": "http://testserver/gallery?x=1"}, True),
    "foreign referer": ({"HTTP_REFERER": "https://evil.example/http://testserver/"}, False),
}


@pytest.fixture(autouse=True)
def _pages(settings):
    settings.PUBLIC_URL = "https://images.example.org"
    settings.CORS_ALLOWED_ORIGINS = ["http://localhost:3000"]


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
def test_a_change_by_cookie(browser, name, prefix):
    headers, allowed = HEADERS[name]
    client = APIClient()
    client.cookies = browser.cookies
    response = client.patch(f"{prefix}auth/user/", {"first_name": "A"}, **headers)
    if allowed:
        assert response.status_code == 200
    else:
        assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")


@pytest.mark.parametrize("name", HEADERS)
def test_the_routes_that_give_or_take_cookies(ann, password, name):
    headers, allowed = HEADERS[name]
    person = {"username": "ann", "password": password}
    answers = [
        APIClient().post("/api/v1/auth/login/", person, **headers),
        APIClient().post("/api/v1/token/", person, **headers),
        APIClient().post(
            "/api/v1/auth/registration/",
            {"email": "bob@example.com", "password": password},
            **headers,
        ),
    ]
    for path in ("token/refresh/", "auth/logout/"):
        client = APIClient()
        client.post("/api/v1/auth/login/", person)
        answers.append(client.post(f"/api/v1/{path}", **headers))
    for answer in answers:
        if allowed:
            assert answer.status_code in (200, 201), answer.content
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
            assert not answer.cookies


def test_a_program_needs_no_origin_as_long_as_it_sends_no_cookie(ann, sign_in, bearer):
    body = sign_in()
    assert bearer(body["access_token"]).patch("/api/v1/auth/user/", {}).status_code == 200
    refreshed = APIClient().post("/api/v1/token/refresh/", {"refresh": body["refresh_token"]})
    assert refreshed.status_code == 200
    out = APIClient().post("/api/v1/auth/logout/", {"refresh": refreshed.json()["refresh"]})
    assert out.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("patch", "auth/user/"),
        ("put", "auth/user/"),
        ("delete", "auth/user/"),
        ("post", "auth/password/change/"),
        ("post", "token/refresh/"),
        ("post", "auth/logout/"),
    ],
)
def test_a_cookie_without_any_of_the_headers_changes_nothing(browser, method, path):
    client = APIClient()
    client.cookies = browser.cookies
    response = getattr(client, method)(f"/api/v1/{path}", {})
    assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")


def test_reading_by_cookie_needs_none(browser):
    client = APIClient()
    client.cookies = browser.cookies
    response = client.get("/api/v1/auth/user/", HTTP_ORIGIN="https://evil.example")
    assert response.status_code == 200


def test_a_bearer_token_beside_cookies_needs_none(browser, sign_in):
    client = APIClient()
    client.cookies = browser.cookies
    token = sign_in()["access_token"]
    response = client.patch(
        "/api/v1/auth/user/", {"first_name": "A"}, HTTP_AUTHORIZATION=f"Bearer {token}"
    )
    assert response.status_code == 200
