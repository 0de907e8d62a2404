"""Locks on the row of an account, which come first in the order of locks.

`image_processor.library.locks` has the whole order.
"""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import connection

from utils.errors import DomainError


class AccountGone(DomainError):
    code = "session_revoked"
    status = 401
    title = "The account was deleted"


_SHARED = "SELECT id FROM {users} WHERE id = %s FOR KEY SHARE"
_EXCLUSIVE = "SELECT id FROM {users} WHERE id = %s FOR NO KEY UPDATE"


def share_owner(owner_id: int) -> None:
    """Keep an account from being deleted until this transaction ends; many transactions may.

    Raises `AccountGone`.
    """
    _lock(_SHARED, owner_id)


def lock_owner(owner_id: int) -> None:
    """Let one transaction at a time change how much an owner has of something.

    Transactions that hold `share_owner` go on beside it. Raises `AccountGone`.
    """
    _lock(_EXCLUSIVE, owner_id)


def _lock(statement: str, owner_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(users=get_user_model()._meta.db_table), (owner_id,))
        if cursor.fetchone() is None:
            raise AccountGone("The account was deleted.")
