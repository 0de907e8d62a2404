"""The credentials of a request, checked again when its change of the account begins.

A request that waits for the account while a recovery ends every session would otherwise write
afterwards what its ended session asked for.
"""

from __future__ import annotations

from typing import Any

from accounts.access.sessions import SessionRevoked
from accounts.locks import lock_owner
from accounts.models import ApiKey, RefreshFamily, User


def lock_caller(user_id: int, credential: Any, *, checked: User | None = None) -> None:
    """Lock an account for a request whose session or API key still holds.

    `credential` is the request's `auth`, and `checked` the user as read when the password of the
    request was found to be right. Raises `AccountGone`, and `SessionRevoked` if the session has
    ended, the key was deleted or the password has changed.
    """
    lock_owner(user_id)
    if credential is not None and not _is_valid(credential):
        raise SessionRevoked
    if checked and not User.objects.filter(pk=user_id, password=checked.password).exists():
        raise SessionRevoked


def _is_valid(credential: RefreshFamily | ApiKey) -> bool:
    if isinstance(credential, ApiKey):
        return ApiKey.objects.filter(pk=credential.pk).exists()
    return RefreshFamily.objects.filter(pk=credential.pk, revoked_at=None).exists()
