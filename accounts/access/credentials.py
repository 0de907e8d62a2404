"""The credentials of a request, checked again when its change of the account begins.

A request that waits for the account while a recovery ends every session would otherwise write
afterwards what its ended session asked for.
"""

from __future__ import annotations

from typing import Any

from accounts.access.sessions import SessionRevoked
from accounts.locks import lock_owner
from accounts.models import RefreshFamily, User


def lock_caller(user_id: int, session: Any, *, checked: User | None = None) -> None:
    """Lock an account for a request whose session still holds.

    `session` is the `auth` of a request that API keys may not make: a `RefreshFamily`, or None for
    a link of a mail. `checked` is the user as read when the password of the request was found to be
    right. Raises `AccountGone`, and `SessionRevoked` if the session has ended or the password has
    changed.
    """
    lock_owner(user_id)
    if session and not RefreshFamily.objects.filter(pk=session.pk, revoked_at=None).exists():
        raise SessionRevoked
    if checked and not User.objects.filter(pk=user_id, password=checked.password).exists():
        raise SessionRevoked
