"""auth/user/: read, change, remove."""

import pytest
from allauth.account.models import EmailAddress
from rest_framework.test import APIClient

from accounts.models import RefreshFamily, User
from tests.builders import rows

URL = "/api/v1/auth/user/"


@pytest.fixture
def me(ann, sign_in, bearer):
    return bearer(sign_in()["access_token"])


@pytest.mark.parametrize("url", [URL, "/api/auth/user/"])
def test_shows_the_user(me, ann, url):
    assert set(me.get(url).json()) == {
        "pk",
        "id",
        "username",
        "email",
        "pending_email",
        "first_name",
        "last_name",
        "date_joined",
        "last_login",
    }
    assert me.get(url).json()["date_joined"].endswith("Z")


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize("url", [URL, "/api/auth/user/"])
def test_changes_names(me, ann, method, url):
    body = {"username": "anne", "first_name": "Anne", "last_name": "O'Neill"}
    response = getattr(me, method)(url, body)
    assert response.status_code == 200
    assert body.items() <= response.json().items()
    ann.refresh_from_db()
    assert (ann.username, ann.first_name, ann.last_name) == ("anne", "Anne", "O'Neill")


@pytest.mark.parametrize("method", ["put", "patch"])
def test_no_fields_change_nothing(me, method):
    before = me.get(URL).json()
    assert getattr(me, method)(URL, {}).json() == before


def test_the_whole_object_can_be_sent_back(me):
    before = me.get(URL).json()
    response = me.put(URL, before)
    assert (response.status_code, response.json()) == (200, before)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"username": "BOB"}, "/username"),
        ({"username": ""}, "/username"),
        ({"username": "a b"}, "/username"),
        ({"username": "x" * 151}, "/username"),
        ({"username": "bob@example.com"}, "/username"),
        ({"first_name": "x" * 151}, "/first_name"),
        ({"email": "nonsense", "password": "correct horse battery"}, "/email"),
        ({"email": "new@example.com"}, "/password"),
        ({"email": "new@example.com", "password": "wrong"}, "/password"),
    ],
)
def test_refuses(me, ann, body, pointer):
    User.objects.create_user("bob", "bob@example.com", "another horse")
    response = me.patch(URL, body)
    assert response.status_code == 400, response.content
    assert response.json()["errors"][0]["pointer"] == pointer
    ann.refresh_from_db()
    assert (ann.username, ann.email) == ("ann", "ann@example.com")


def test_ones_own_name_may_change_its_case(me):
    assert me.patch(URL, {"username": "Ann"}).json()["username"] == "Ann"


def test_rights_cannot_be_taken(me, ann):
    me.patch(URL, {"is_staff": True, "is_superuser": True, "id": 999, "last_login": None})
    ann.refresh_from_db()
    assert (ann.is_staff, ann.is_superuser) == (False, False)
    assert ann.last_login is not None


@pytest.mark.django_db(transaction=True)
def test_one_of_many_at_once_gets_the_name(at_once, password, bearer):
    clients = []
    for number in range(4):
        User.objects.create_user(f"user{number}", f"user{number}@example.com", password)
        body = {"username": f"user{number}", "password": password}
        token = APIClient().post("/api/v1/auth/login/", body).json()["access_token"]
        clients.append(bearer(token))
    answers = at_once(4, lambda number: clients[number].patch(URL, {"username": "star"}))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]


@pytest.mark.parametrize("url", [URL, "/api/auth/user/"])
def test_removes_the_account(browser, ann, password, url):
    response = browser.delete(url, {"password": password})
    assert response.status_code == 204
    assert response.cookies["access"]["max-age"] == 0
    assert browser.get(URL).status_code == 401
    rows.run_deletions()
    assert not User.objects.exists()
    assert not RefreshFamily.objects.exists()
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("body", [{}, {"password": ""}, {"password": "wrong"}])
def test_removes_nothing_without_the_password(me, ann, body):
    response = me.delete(URL, body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/password"
    assert User.objects.filter(pk=ann.pk).exists()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_needs_somebody(db, method):
    response = getattr(APIClient(), method)(URL)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_user_name_has_one_spelling(browser, ann, make_user):
    make_user(username="bob")
    for name in ("BOB", "\uff42\uff4f\uff42"):
        response = browser.patch("/api/v1/auth/user/", {"username": name})
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/username")
    assert browser.patch("/api/v1/auth/user/", {"username": "\uff21nn"}).json()["username"] == "Ann"
    same = {"email": "ANN@\uff45xample.com"}
    assert browser.patch("/api/v1/auth/user/", same).json()["email"] == "ann@example.com"
