"""Users and sessions in the admin."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.access import api_keys
from accounts.models import ApiKey, RefreshFamily, User
from tests.audit_lines import captured


@pytest.fixture
def admin(db, password):
    client = Client()
    client.force_login(
        User.objects.create_superuser("root", "root@example.com", password),
        backend="accounts.access.backends.UsernameOrEmailBackend",
    )
    return client


@pytest.mark.parametrize(
    "path", ["user/", "user/add/", "user/?q=ann", "refreshfamily/", "refreshfamily/?q=ann"]
)
def test_pages_open(admin, ann, sign_in, path):
    sign_in()
    assert admin.get(f"/admin/accounts/{path}").status_code == 200


def test_details_show_no_token_ids(admin, ann, sign_in):
    sign_in()
    family = RefreshFamily.objects.get()
    page = admin.get(f"/admin/accounts/refreshfamily/{family.pk}/change/").content.decode()
    assert family.current not in page


def test_api_keys_are_shown_without_their_secret_and_can_be_deleted(admin, ann):
    _, key = api_keys.create(ann.pk, name="nightly backup", scopes=["tasks"])
    row = ApiKey.objects.get()
    for path in ("", "?q=ann", f"?q={row.prefix}", f"{row.pk}/change/"):
        page = admin.get(f"/admin/accounts/apikey/{path}").content.decode()
        assert row.prefix in page
        assert key.rpartition("_")[2] not in page
        assert row.digest not in page
    assert admin.get("/admin/accounts/apikey/add/").status_code == 403
    assert admin.post(f"/admin/accounts/apikey/{row.pk}/change/", {"name": "x"}).status_code == 403
    answer = admin.post(f"/admin/accounts/apikey/{row.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert (
        APIClient().get("/api/v1/images/", HTTP_AUTHORIZATION=f"Api-Key {key}").status_code == 401
    )
    for number in range(2):
        api_keys.create(ann.pk, name=f"{number}", scopes=["*"])
    chosen = [str(pk) for pk in ApiKey.objects.values_list("pk", flat=True)]
    action = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert admin.post("/admin/accounts/apikey/", action).status_code == 302
    assert not ApiKey.objects.exists()


def test_an_address_that_an_operator_changes_is_unconfirmed(admin, ann, api, password, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.RATE_LIMITS = False
    EmailAddress.objects.create(user=ann, email=ann.email, primary=True, verified=True)
    User.objects.filter(pk=ann.pk).update(email_confirmed_at=timezone.now())
    form = {"username": "ann", "email": "new@example.com", "is_active": "on"}
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert admin.post(f"/admin/accounts/user/{ann.pk}/change/", form).status_code == 302
    ann.refresh_from_db()
    assert (ann.email, ann.email_confirmed_at) == ("new@example.com", None)
    early = api.post("/api/v1/auth/login/", {"username": "ann", "password": password})
    assert early.json()["code"] == "email_not_verified"


def test_a_new_password_cancels_a_change_of_the_address(admin, ann):
    EmailAddress.objects.create(user=ann, email="thief@example.com")
    form = {"password1": "a new horse", "password2": "a new horse", "usable_password": "true"}
    assert admin.post(f"/admin/accounts/user/{ann.pk}/password/", form).status_code == 302
    assert not EmailAddress.objects.exists()


def test_a_new_password_ends_the_sessions(admin, ann, sign_in, bearer):
    me = bearer(sign_in()["access_token"])
    response = admin.post(
        f"/admin/accounts/user/{ann.pk}/password/",
        {"password1": "a new horse", "password2": "a new horse", "usable_password": "true"},
    )
    assert response.status_code == 302
    assert me.get("/api/v1/auth/user/").json()["code"] == "session_revoked"


def test_an_operator_s_own_new_password_ends_their_sessions(admin, password, sign_in, bearer):
    me = bearer(sign_in("root")["access_token"])
    form = {"old_password": password, "new_password1": "a new horse", "new_password2": "b"}
    assert admin.post("/admin/password_change/", form).status_code == 200  # refused
    assert me.get("/api/v1/auth/user/").status_code == 200
    with captured() as lines:
        done = admin.post("/admin/password_change/", {**form, "new_password2": "a new horse"})
        assert done.status_code == 302
    root = User.objects.get(username="root")
    assert lines.only("password_changed")["user_id"] == root.pk
    assert me.get("/api/v1/auth/user/").json()["code"] == "session_revoked"
    assert admin.get("/admin/").status_code == 200  # the admin's own session goes on


def test_sessions_can_be_ended(admin, ann, sign_in, bearer):
    me = bearer(sign_in()["access_token"])
    admin.post(
        "/admin/accounts/user/", {"action": "end_sessions", "_selected_action": [str(ann.pk)]}
    )
    assert me.get("/api/v1/auth/user/").json()["code"] == "session_revoked"


def test_a_user_can_be_made(admin, sign_in):
    response = admin.post(
        "/admin/accounts/user/add/",
        {
            "username": "bob",
            "email": "Bob@Example.com",
            "usable_password": "true",
            "password1": "a new horse",
            "password2": "a new horse",
        },
    )
    assert response.status_code == 302, response.content
    assert sign_in("BOB@example.com", "a new horse")["user"]["email"] == "bob@example.com"


@pytest.mark.parametrize("login", ["ROOT", "\uff32oot", "Root@Example.com"])
def test_operators_sign_in_by_any_spelling_of_their_name(db, login, password):
    User.objects.create_superuser("root", "root@example.com", password)
    client = Client()
    form = {"username": login, "password": password}
    assert client.post("/admin/login/?next=/admin/", form).status_code == 302
