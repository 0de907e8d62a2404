"""POST auth/registration/."""

import pytest
from rest_framework.test import APIClient

from accounts.models import RefreshFamily, User

URL = "/api/v1/auth/registration/"
PASSWORDS = {"password1": "correct horse battery", "password2": "correct horse battery"}


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["/api/", "/api/v1/"])
@pytest.mark.parametrize(
    "passwords",
    [PASSWORDS, {"password": "correct horse battery"}, {"password1": "correct horse battery"}],
)
def test_makes_an_account_and_signs_in(api, bearer, prefix, passwords):
    response = api.post(
        f"{prefix}auth/registration/", {"email": "Bob.Smith@Example.com", **passwords}
    )
    assert response.status_code == 201
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
    assert body["user"]["email"] == "bob.smith@example.com"
    assert body["user"]["username"] == "bob.smith"
    assert body["user"]["last_login"] is not None
    assert set(response.cookies) == {"access", "refresh", "signed_in"}
    assert response["Cache-Control"] == "private, no-store"
    me = bearer(body["access_token"]).get("/api/auth/user/")
    assert me.json() == body["user"]
    assert User.objects.get().password.startswith("argon2$")


@pytest.mark.django_db
def test_keeps_tokens_out_of_the_body_in_cookie_mode(api):
    response = api.post(URL, {"email": "bob@example.com", **PASSWORDS}, HTTP_X_AUTH_MODE="cookie")
    assert set(response.json()) == {"access_expiration", "refresh_expiration", "user"}
    assert response.cookies["access"].value


@pytest.mark.django_db
def test_makes_user_names_unique(api):
    for number in range(3):
        response = api.post(URL, {"email": f"bob@example{number}.com", **PASSWORDS})
        assert response.status_code == 201
    assert User.objects.values("username").distinct().count() == 3


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"email": "ANN@example.com", **PASSWORDS}, "email", "email_taken"),
        ({"email": "no address", **PASSWORDS}, "email", "invalid"),
        (PASSWORDS, "email", "required"),
        ({"email": "bob@example.com"}, "password1", "required"),
        (
            {"email": "bob@example.com", **PASSWORDS, "password2": "another horse"},
            "password2",
            "password_mismatch",
        ),
        ({"email": "bob@example.com", "password": "12345678"}, "password", "password_too_common"),
        ({"email": "bob@example.com", "password1": "short"}, "password1", "password_too_short"),
        (
            {"email": "robert.tables@example.com", "password1": "robert.tables"},
            "password1",
            "password_too_similar",
        ),
        ({"email": "bob@example.com", "password1": "x" * 129}, "password1", "max_length"),
        ({"email": "bob@example.com", "username": "ANN", **PASSWORDS}, "username", None),
        # Full-width letters.
        (
            {"email": "bob@example.com", "username": "\uff41\uff4e\uff4e", **PASSWORDS},
            "username",
            None,
        ),
        ({"email": "ann@\uff45xample.com", **PASSWORDS}, "email", "email_taken"),
        # Each letter stands for three.
        (
            {"email": "bob@example.com", "username": "\ufb03" * 60, **PASSWORDS},
            "username",
            "max_length",
        ),
        (
            {"email": "a" * 60 + "@" + "\u00fc." * 27 + "example", **PASSWORDS},
            "email",
            "max_length",
        ),
        ({"email": "bob@example.com", "username": "b b", **PASSWORDS}, "username", "invalid"),
        (
            {"email": "bob@example.com", "username": "ann@example.com", **PASSWORDS},
            "username",
            "invalid",
        ),
    ],
)
def test_refuses_naming_the_field(api, ann, body, field, code):
    response = api.post(URL, body)
    assert response.status_code == 400, response.content
    answer = response.json()
    assert answer["code"] == "invalid_input"
    assert f"/{field}" in [error["pointer"] for error in answer["errors"]]
    assert code is None or code in [error["code"] for error in answer["errors"]]
    assert answer[field]
    assert User.objects.count() == 1
    assert not response.cookies


@pytest.mark.django_db
def test_a_domain_has_one_spelling(api):
    spellings = ["bob@b\u00fccher.example", "bob@bu\u0308cher.EXAMPLE", "Bob@xn--bcher-kva.example"]
    body = {"email": spellings[0], "username": spellings[0], **PASSWORDS}
    user = api.post(URL, body).json()["user"]
    assert user["email"] == "bob@xn--bcher-kva.example"
    for spelling in spellings:
        answer = APIClient().post(URL, {"email": spelling, **PASSWORDS}).json()
        assert answer["errors"][0]["code"] == "email_taken"
        login = {"email": spelling, "password": PASSWORDS["password1"]}
        assert APIClient().post("/api/v1/auth/login/", login).status_code == 200


@pytest.mark.django_db
def test_takes_ones_own_email_as_user_name(api):
    body = {"email": "bob@example.com", "username": "bob@example.com", **PASSWORDS}
    assert api.post(URL, body).status_code == 201


@pytest.mark.django_db
def test_starts_no_django_session(api):
    response = api.post(URL, {"email": "bob@example.com", **PASSWORDS})
    assert "sessionid" not in response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("body", [[], "text", None, [{}]])
def test_refuses_what_is_no_object(api, body):
    response = api.post(URL, body, format="json")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_input"


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_once_gets_the_address(at_once):
    def register(number: int) -> int:
        body = {"email": "bob@example.com", "username": f"bob{number}", **PASSWORDS}
        return APIClient().post(URL, body).status_code

    assert sorted(at_once(6, register)) == [201, 400, 400, 400, 400, 400]
    assert User.objects.count() == RefreshFamily.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_once_gets_the_user_name(at_once):
    def register(number: int) -> int:
        body = {"email": f"bob@example{number}.com", "username": "bob", **PASSWORDS}
        return APIClient().post(URL, body).status_code

    assert sorted(at_once(4, register)) == [201, 400, 400, 400]


@pytest.mark.django_db(transaction=True)
def test_made_user_names_do_not_collide_at_once(at_once):
    def register(number: int) -> int:
        body = {"email": f"bob@example{number}.com", **PASSWORDS}
        return APIClient().post(URL, body).status_code

    assert at_once(6, register) == [201] * 6
    assert User.objects.values("username").distinct().count() == 6
