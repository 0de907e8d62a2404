"""A form of the admin that waits for a user whom another request changes meanwhile."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.lifecycle import ending
from accounts.models import User
from tests.builders.locking import call_while_locked

NEW_PASSWORD = "a new horse"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root(password: str) -> User:
    return User.objects.create_superuser("root", "root@example.com", password)


@pytest.fixture
def admin(root: User) -> Client:
    client = Client()
    client.force_login(root, backend="accounts.access.backends.UsernameOrEmailBackend")
    return client


def set_new_password(user: User) -> None:
    user = User.objects.get(pk=user.pk)
    user.set_password(NEW_PASSWORD)
    user.save()


def test_a_form_does_not_bring_an_old_password_back(ann: User, admin: Client) -> None:
    form = {
        "username": "ann",
        "email": "ann@example.com",
        "first_name": "Ann",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    }
    answer = call_while_locked(
        ann,
        lambda: admin.post(f"/admin/accounts/user/{ann.pk}/change/", form),
        lambda: set_new_password(ann),
    )
    assert answer.status_code == 302
    ann.refresh_from_db()
    assert ann.first_name == "Ann"
    assert ann.check_password(NEW_PASSWORD)


def test_a_new_password_does_not_revive_an_ended_account(ann: User, admin: Client) -> None:
    form = {"password1": "a horse", "password2": "a horse", "usable_password": "true"}
    answer = call_while_locked(
        ann,
        lambda: admin.post(f"/admin/accounts/user/{ann.pk}/password/", form),
        lambda: ending.end(ann.pk),
    )
    assert answer.status_code == 404
    ann.refresh_from_db()
    assert ann.deleted_at is not None
    assert not ann.is_active


def test_an_operator_s_old_password_does_not_outlive_its_reset(
    root: User, admin: Client, password: str
) -> None:
    new = dict.fromkeys(("new_password1", "new_password2"), "the horse of a thief")
    answer = call_while_locked(
        root,
        lambda: admin.post("/admin/password_change/", {"old_password": password, **new}),
        lambda: set_new_password(root),
    )
    assert answer.status_code == 200  # refused
    root.refresh_from_db()
    assert root.check_password(NEW_PASSWORD)
