"""POST auth/login/ and token/."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import RefreshFamily, User


@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
@pytest.mark.parametrize(
    "names",
    [
        {"username": "ann"},
        {"username": "Ann"},
        {"username": "\uff21\uff2e\uff2e"},  # full-width letters
        {"username": "ann@example.com"},
        {"username": "ANN@EXAMPLE.COM"},
        {"email": "ann@example.com"},
        {"email": "Ann@Example.com"},
        {"email": "ann"},
        {"username": "ann", "email": ""},
        {"username": "", "email": "ann@example.com"},
    ],
)
def test_signs_in_by_either_name(api, bearer, ann, password, prefix, names):
    response = api.post(f"{prefix}auth/login/", {**names, "password": password})
    assert response.status_code == 200, response.content
    body = response.json()
    assert set(body) == {
        "access_token",
        "refresh_token",
        "access",
        "refresh",
        "token_type",
        "expires_in",
        "access_expiration",
        "refresh_expiration",
        "user",
    }
    assert (body["access"], body["refresh"]) == (body["access_token"], body["refresh_token"])
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 300)
    assert body["user"]["id"] == body["user"]["pk"] == ann.pk
    assert set(response.cookies) == {"access", "refresh", "signed_in"}
    ann.refresh_from_db()
    assert ann.last_login is not None
    pair = api.post(f"{prefix}token/", {**names, "password": password})
    assert pair.status_code == 200
    assert bearer(pair.json()["access"]).get(f"{prefix}auth/user/").status_code == 200
    assert pair.json().keys() == body.keys() - {"user"}
    assert set(pair.cookies) == {"access", "refresh", "signed_in"}


@pytest.mark.parametrize("path", ["auth/login/", "token/"])
def test_keeps_tokens_out_of_the_body_in_cookie_mode(api, ann, password, path):
    response = api.post(
        f"/api/v1/{path}", {"username": "ann", "password": password}, HTTP_X_AUTH_MODE="cookie"
    )
    tokens = {"access", "refresh", "access_token", "refresh_token", "token_type", "expires_in"}
    assert not tokens & set(response.json())
    assert response.cookies["access"].value.count(".") == 2
    assert response.cookies["refresh"].value.count(".") == 2


@pytest.mark.parametrize("kind", ["multipart", "application/x-www-form-urlencoded"])
def test_takes_forms(api, ann, password, kind):
    def post(path, **form):
        if kind == "multipart":
            return APIClient().post(f"/api/v1/{path}", form, format="multipart")
        return APIClient().post(f"/api/v1/{path}", urlencode(form, doseq=True), content_type=kind)

    tokens = post("auth/login/", username="ann", password=password).json()
    assert post("token/", username="ann", password=password).status_code == 200
    assert post("token/verify/", token=tokens["access"]).status_code == 200
    assert post("auth/password/reset/", email="ann@example.com").status_code == 200
    pair = post("token/refresh/", refresh=tokens["refresh"]).json()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    change = {"old_password": password, "new_password1": "a b c d", "new_password2": "a b c d"}
    form = change if kind == "multipart" else urlencode(change)
    format_ = {"format": "multipart"} if kind == "multipart" else {"content_type": kind}
    response = api.post("/api/v1/auth/password/change/", form, **format_)
    assert response.json()["new_password2"] == [
        "This password is too short. It must contain at least 8 characters."
    ]
    assert post("auth/logout/", refresh=pair["refresh"]).status_code == 200
    for wrong, code in ({"pasword": "x"}, "unknown_field"), ({"username": ["a", "b"]}, "repeated"):
        form = {"username": "ann", "password": password, **wrong}
        response = post("auth/login/", **form)
        assert (response.status_code, response.json()["errors"][0]["code"]) == (400, code)


def test_takes_no_files(api, ann, password):
    form = {"username": "ann", "password": password, "file": SimpleUploadedFile("a", b"a")}
    response = api.post("/api/v1/auth/login/", form, format="multipart")
    assert (response.status_code, response.json()["code"]) == (400, "malformed_body")


@pytest.mark.parametrize(
    ("login", "secret", "active"),
    [
        ("ann", "wrong", True),
        ("nobody", "correct horse battery", True),
        ("ann", "correct horse battery", False),
        ("ann", " correct horse battery", True),
        ("ann", "😀", True),
        ("'; --", "x", True),
    ],
)
def test_refuses_without_saying_why(api, ann, login, secret, active):
    ann.is_active = active
    ann.save()
    body = {"username": login, "password": secret}
    response = api.post("/api/v1/auth/login/", body)
    assert response.status_code == 400
    assert response.json()["non_field_errors"] == ["Unable to log in with provided credentials."]
    assert not response.cookies
    response = api.post("/api/v1/token/", body)
    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert not RefreshFamily.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["auth/login/", "token/"])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "ann"},
        {"password": "x"},
        {"username": "", "password": "x"},
        {"username": {"a": 1}, "password": "x"},
        {"username": 7, "password": "x"},
        {"username": "ann", "password": 7},
        {"username": "ann", "password": ["x"]},
        {"username": "a" * 300, "password": "x"},
        {"username": "ann", "password": "x" * 5000},
        [],
    ],
)
def test_a_body_of_the_wrong_shape_is_400(api, path, body):
    response = api.post(f"/api/v1/{path}", body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")


def test_a_password_keeps_its_spaces(api, ann):
    ann.set_password("  spaced out  ")
    ann.save()
    good = api.post("/api/v1/auth/login/", {"username": "ann", "password": "  spaced out  "})
    bad = api.post("/api/v1/auth/login/", {"username": "ann", "password": "spaced out"})
    assert (good.status_code, bad.status_code) == (200, 400)


@pytest.mark.parametrize(
    "stored", ["cre\u0301me\u00a0bru\u0302le\u0301e", "cr\u00e9me br\u00fbl\u00e9e"]
)
@pytest.mark.parametrize(
    "typed", ["cre\u0301me bru\u0302le\u0301e", "cr\u00e9me\u3000br\u00fbl\u00e9e"]
)
def test_a_password_is_the_same_on_every_keyboard(api, ann, stored, typed):
    for user in ann, User.objects.create_user("bob", "bob@example.com", stored):
        user.set_password(stored) if user is ann else None
        user.save()
        body = {"username": user.username, "password": typed}
        assert api.post("/api/v1/auth/login/", body).status_code == 200
        body["password"] = typed.upper()
        assert api.post("/api/v1/auth/login/", body).status_code == 400


def test_a_password_that_an_earlier_release_hashed_as_typed_is_taken(api, ann):
    typed = "cre\u0301me\u00a0bru\u0302le\u0301e"
    ann.password = make_password(typed)
    ann.save()
    body = {"username": "ann", "password": typed}
    assert api.post("/api/v1/auth/login/", body).status_code == 200
    body["password"] += "x"
    assert api.post("/api/v1/auth/login/", body).status_code == 400


@pytest.mark.parametrize("typed", ["wrong", "wro\u00a0ng"])
def test_a_wrong_login_costs_the_same_with_an_account_as_without(api, ann, monkeypatch, typed):
    hashed = []
    hash_secret = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def encode(self, *args):
        hashed.append(args)
        return hash_secret[0](self, *args)

    def verify(self, *args):
        hashed.append(args)
        return hash_secret[1](self, *args)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    counts = []
    for login in ("ann", "nobody"):
        hashed.clear()
        api.post("/api/v1/auth/login/", {"username": login, "password": typed})
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("application/x-www-form-urlencoded", b"username=ann&password=cr%E8me"),
        ("application/x-www-form-urlencoded", b"username=ann&password=cr\xe8me"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\ncr\xe8me\r\n--b--\r\n',
        ),
    ],
)
def test_a_form_that_is_not_utf8_is_refused(api, ann, kind, sent):
    ann.set_password("cr\ufffdme")
    ann.save()
    response = api.post("/api/v1/auth/login/", sent, content_type=kind)
    assert (response.status_code, response.json()["code"]) == (400, "malformed_body")
    assert "UTF-8" in response.json()["detail"]


@pytest.mark.parametrize("hasher", ["pbkdf2_sha256", "bcrypt_sha256"])
def test_older_hashes_are_taken_and_replaced(api, ann, password, hasher):
    ann.password = make_password(password, hasher=hasher)
    ann.save()
    response = api.post("/api/v1/auth/login/", {"username": "ann", "password": password})
    assert response.status_code == 200
    ann.refresh_from_db()
    assert ann.password.startswith("argon2$")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("auth/login/", {"username": "ann", "password": "correct horse battery"}, 200),
        ("token/", {"username": "ann", "password": "correct horse battery"}, 200),
        ("auth/registration/", {"email": "b@example.com", "password": "correct horse b"}, 201),
        ("auth/password/reset/", {"email": "ann@example.com"}, 200),
        ("auth/logout/", {}, 200),
    ],
)
@pytest.mark.parametrize("cookie", ["expired", "broken", "a.b.c"])
def test_a_stale_cookie_is_not_in_the_way(api, ann, path, body, status, cookie):
    api.cookies["access"] = cookie
    response = api.post(f"/api/v1/{path}", body, HTTP_ORIGIN="http://testserver")
    assert response.status_code == status, response.content


def test_an_address_as_somebody_elses_user_name_does_not_shadow_its_owner(api, ann, password):
    """Only the command line could make such a name."""
    ann.__class__.objects.create_user("ann@example.com", "mallory@example.com", "another horse")
    response = api.post("/api/v1/auth/login/", {"email": "ann@example.com", "password": password})
    assert response.json()["user"]["id"] == ann.pk
