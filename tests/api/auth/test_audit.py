"""The audit lines of the log: who did what, and never a secret."""

import pytest
from django.core import mail
from rest_framework.test import APIClient
from structlog.testing import capture_logs

from api import api_keys, lockout, sessions
from api.views.auth import account, passwords, registration, sign_in, tokens

MODULES = (api_keys, lockout, sessions, account, passwords, registration, sign_in, tokens)


@pytest.fixture
def lines(monkeypatch):
    """The audit lines as they are made; structlog caches its loggers, so each gets a fresh one."""
    import structlog

    with capture_logs() as captured:
        for module in MODULES:
            monkeypatch.setattr(module, "audit", structlog.get_logger("audit"))
        yield captured


def test_lines(lines, ann, password, settings):
    settings.AXES_FAILURE_LIMIT = 2
    api = APIClient()
    api.post("/api/v1/auth/registration/", {"email": "b@example.com", "password": "s3cret horse b"})
    for secret in ("s3cret wrong", "s3cret wrong", password):
        body = {"username": "ann", "password": secret}
        APIClient().post("/api/v1/auth/login/", body)
    APIClient().post("/api/v1/auth/login/", {"username": "s3cret typed", "password": "x"})
    lockout.forgive(ann)
    pair = APIClient().post("/api/v1/token/", {"email": ann.email, "password": password}).json()
    me = APIClient()
    me.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    new = {"new_password1": "s3cret new", "new_password2": "s3cret new"}
    me.post("/api/v1/auth/password/change/", {"old_password": password, **new})
    api.post("/api/v1/auth/password/reset/", {"email": ann.email})
    assert mail.outbox
    key = me.post("/api/v1/auth/api-keys/", {"name": "backup", "scopes": ["tasks"]}).json()
    assert me.delete(f"/api/v1/auth/api-keys/{key['id']}/").status_code == 204
    me.delete("/api/v1/auth/user/", {"password": "s3cret new"})

    events = [(line["event"], line.get("user_id")) for line in lines if "event" in line]
    for event in (
        ("login_failed", ann.pk),
        ("locked_out", ann.pk),
        ("login_failed", None),
        ("login", ann.pk),
        ("password_changed", ann.pk),
        ("api_key_created", ann.pk),
        ("api_key_deleted", ann.pk),
        ("account_deleted", ann.pk),
    ):
        assert event in events
    assert "registration" in [event for event, _ in events]
    said = repr(lines)
    for secret in ("s3cret", password, pair["access"], pair["refresh"], key["key"][21:]):
        assert secret not in said
