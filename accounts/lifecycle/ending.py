"""The end of an account: nobody can sign in to it or write rows of it any more.

Its rows are removed in the background (`image_processor.library.deletion`).
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models.functions import Now

from accounts.access import sessions
from accounts.locks import require_transaction
from accounts.models import ApiKey, User


def end(user_id: int) -> bool:
    """End an account with its sessions and API keys; return whether it had not ended before.

    Changes no column that a foreign key could refer to, such as the user name. So it waits for no
    transaction that only shares the account, and a stream of requests cannot hold it up.
    """
    require_transaction()
    ended = User.objects.filter(pk=user_id, deleted_at=None).update(
        deleted_at=Now(),
        is_active=False,
        email=_placeholder(user_id),
        first_name="",
        last_name="",
        password=make_password(None),
    )
    if ended:
        sessions.end_all(User(pk=user_id))
        ApiKey.objects.filter(user_id=user_id).delete()
        EmailAddress.objects.filter(user_id=user_id).delete()
    return bool(ended)


def release_name(user_id: int) -> None:
    """Let others take the user name of an ended account.

    Waits for the transactions that share the account, which are no new ones.
    """
    users = User.objects.filter(pk=user_id, deleted_at__isnull=False)
    users.exclude(username=_placeholder(user_id)).update(username=_placeholder(user_id))


def _placeholder(user_id: int) -> str:
    """A name that no user can choose, because of its blank."""
    return f"deleted {user_id}"
