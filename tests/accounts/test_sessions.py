"""Sessions without HTTP: lifetimes, and the race with a password change."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from django.utils import timezone

from accounts.access import sessions
from accounts.access.tokens import mint
from accounts.models import RefreshFamily, User


def test_no_token_outlives_its_session(user: User) -> None:
    family = sessions.start(user)
    family.expires_at = timezone.now() + timedelta(minutes=1)
    pair = mint(family)
    assert pair.access_expires == pair.refresh_expires == family.expires_at
    for token in (pair.access, pair.refresh):
        expires = jwt.decode(token, options={"verify_signature": False})["exp"]
        assert expires == int(family.expires_at.timestamp())


def test_no_session_starts_by_a_password_that_was_changed_meanwhile(user: User) -> None:
    checked = User.objects.get(pk=user.pk)
    user.set_password("a new horse")
    user.save()
    with pytest.raises(sessions.SessionRevoked):
        sessions.start(checked)
    assert not RefreshFamily.objects.exists()


def test_expired_sessions_are_forgotten(user: User) -> None:
    for _ in range(2):
        sessions.start(user)
    now = timezone.now()
    oldest = RefreshFamily.objects.earliest("created_at")
    RefreshFamily.objects.filter(pk=oldest.pk).update(expires_at=now - timedelta(seconds=1))
    assert sessions.forget_expired(now) == 1
    assert RefreshFamily.objects.count() == 1
    assert sessions.forget_expired(now + timedelta(days=3650)) == 1
