"""A request that was authenticated before a change of the account, and writes after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.access import sessions
from accounts.lifecycle import ending, recovery
from accounts.models import ApiKey, RefreshFamily, User
from tests.builders.locking import call_while_locked
from webhooks.models import Webhook

ACCOUNT = "/api/v1/auth/user/"
KEYS = "/api/v1/auth/api-keys/"
WEBHOOKS = "/api/v1/webhooks/"
PASSWORD_CHANGE = "/api/v1/auth/password/change/"

NEW_PASSWORD = "a new horse"


@pytest.fixture(autouse=True)
def _no_rates(settings: Any) -> None:
    settings.RATE_LIMITS = False


@pytest.fixture
def stale_client(ann: User) -> APIClient:
    """A client whose request has read user and session already, as views get them."""
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=ann.pk), token=sessions.start(ann))
    return client


def recover(user: User) -> None:
    user = User.objects.get(pk=user.pk)
    user.set_password(NEW_PASSWORD)
    user.save()
    recovery.end_earlier_access(user)


def end_account(user: User) -> None:
    with transaction.atomic():
        ending.end(user.pk)


def test_a_profile_change_does_not_undo_a_recovery(ann: User, stale_client: APIClient) -> None:
    recover(ann)
    RefreshFamily.objects.update(revoked_at=None)  # a session of after the recovery
    assert stale_client.patch(ACCOUNT, {"first_name": "Ann"}).status_code == 200
    ann.refresh_from_db()
    assert ann.first_name == "Ann"
    assert ann.check_password(NEW_PASSWORD)
    assert ann.email_confirmed_at is not None


def test_a_profile_change_does_not_revive_an_ended_account(
    ann: User, stale_client: APIClient
) -> None:
    end_account(ann)
    assert stale_client.patch(ACCOUNT, {"first_name": "Ann"}).status_code == 401
    ann.refresh_from_db()
    assert ann.deleted_at is not None
    assert (ann.is_active, ann.first_name) == (False, "")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (KEYS, {"name": "left", "scopes": ["*"]}),
        (WEBHOOKS, {"url": "https://192.0.2.1/", "events": ["task.succeeded"]}),
    ],
)
def test_an_ended_session_creates_no_way_in(
    ann: User, stale_client: APIClient, monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    monkeypatch.setattr("webhooks.api.webhook_views.require_reachable", lambda url: None)
    recover(ann)
    answer = stale_client.post(path, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_revoked")
    assert not ApiKey.objects.exists()
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"url": "https://198.51.100.1/"}),
        ("post", "rotate-secret/", {}),
    ],
)
def test_an_ended_session_does_not_take_a_webhook_over(
    ann: User,
    stale_client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: Any,
) -> None:
    """The webhook is newer than the confirmation of the address, so the recovery keeps it."""
    monkeypatch.setattr("webhooks.api.webhook_views.require_reachable", lambda url: None)
    webhook = Webhook.objects.create(owner=ann, url="https://192.0.2.1/", events=[], secret="s")
    recover(ann)
    answer = getattr(stale_client, method)(f"{WEBHOOKS}{webhook.pk}/{path}", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_revoked")
    kept = Webhook.objects.get()
    assert (kept.url, kept.secret) == ("https://192.0.2.1/", "s")


def change_password(client: APIClient, password: str) -> Any:
    new = dict.fromkeys(("new_password1", "new_password2"), "the horse of a thief")
    return client.post(PASSWORD_CHANGE, {"old_password": password, **new})


def change_email(client: APIClient, password: str) -> Any:
    return client.patch(ACCOUNT, {"email": "thief@example.com", "password": password})


def delete_account(client: APIClient, password: str) -> Any:
    return client.delete(ACCOUNT, {"password": password})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("request_change", [change_password, change_email, delete_account])
def test_a_password_that_was_right_before_a_recovery_changes_nothing_after_it(
    ann: User, stale_client: APIClient, password: str, request_change: Callable[..., Any]
) -> None:
    """The request has checked the password and waits for the account, which the reset has locked.

    The session is running again, as another one of the owner's would be: the password decides.
    """

    def recover_with_session() -> None:
        recover(ann)
        RefreshFamily.objects.update(revoked_at=None)

    answer = call_while_locked(
        ann, lambda: request_change(stale_client, password), recover_with_session
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "session_revoked")
    ann.refresh_from_db()
    assert ann.check_password(NEW_PASSWORD)
    assert ann.email == "ann@example.com"
    assert ann.deleted_at is None
