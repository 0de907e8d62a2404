"""Locks on the row of a user. They come first in the order of locks.

`image_processor.library.locks` documents the whole order.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.transaction import TransactionManagementError

from utils.errors import DomainError


class AccountBusy(Exception):
    """Another transaction has locked the account. The work is tried again later."""


class AccountGone(DomainError):
    code = "session_revoked"
    status = 401
    title = "Account deleted"


_SHARED = "SELECT id FROM {users} WHERE id = %s AND deleted_at IS NULL FOR KEY SHARE"
_EXCLUSIVE = "SELECT id FROM {users} WHERE id = %s AND deleted_at IS NULL FOR NO KEY UPDATE"
_SHARED_FREE = """
SELECT id FROM {users} WHERE id = ANY(%s) AND deleted_at IS NULL
ORDER BY id FOR KEY SHARE SKIP LOCKED
"""


def share_owner(owner_id: int) -> None:
    """Keep the row of an account until this transaction ends.

    Any number of transactions can hold this lock at once. Raises `AccountGone`, from the moment
    at which the account is deleted, even though its rows are removed later.
    """
    _lock(_SHARED, owner_id)


def lock_owner(owner_id: int) -> None:
    """Serialize the transactions that count or change what an owner has.

    The lock does not conflict with `share_owner`. Raises `AccountGone`.
    """
    _lock(_EXCLUSIVE, owner_id)


def share_free_owners(owner_ids: Iterable[int]) -> set[int]:
    """Share the accounts that no other transaction has locked; return their ids. Never waits.

    Deleted accounts are left out. For work of many owners that can be done later as well.
    """
    require_transaction()
    with connection.cursor() as cursor:
        statement = _SHARED_FREE.format(users=get_user_model()._meta.db_table)
        cursor.execute(statement, (sorted(set(owner_ids)),))
        return {pk for (pk,) in cursor.fetchall()}


def share_free_owner(owner_id: int) -> bool:
    """Share an account without waiting; return False if it is deleted. Raises `AccountBusy`."""
    if share_free_owners([owner_id]):
        return True
    if get_user_model()._base_manager.filter(pk=owner_id, deleted_at=None).exists():
        raise AccountBusy(f"Another transaction has locked account {owner_id}.")
    return False


def require_transaction() -> None:
    """Raise `TransactionManagementError` outside of a transaction, where a lock would not last."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A row can be locked inside of a transaction only.")


def _lock(statement: str, owner_id: int) -> None:
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(users=get_user_model()._meta.db_table), (owner_id,))
        if cursor.fetchone() is None:
            raise AccountGone("The account was deleted.")
