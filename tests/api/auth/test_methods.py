"""Methods that a route does not have, and bodies that it does not take."""

import pytest

ROUTES = (
    "auth/registration/",
    "auth/registration/verify-email/",
    "auth/registration/resend-email/",
    "auth/login/",
    "auth/logout/",
    "auth/password/reset/",
    "auth/password/reset/confirm/",
    "token/",
    "token/refresh/",
    "token/verify/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
def test_table(api, route, prefix):
    url = f"{prefix}{route}"
    for method in ("get", "put", "patch", "delete"):
        response = getattr(api, method)(url)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert api.options(url).status_code == 200
    response = api.generic("POST", url, "a=b", content_type="text/plain")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    for body in (b"{", b'{"a": NaN}', b"\xff", b'{"email": "\\u0000"}', b"[" * 5000):
        response = api.generic("POST", url, body, content_type="application/json")
        assert (response.status_code, response.json()["code"]) == (400, "malformed_body")
    # The slash at the end may be left out, for every method.
    assert api.get(url.rstrip("/")).status_code == 405
