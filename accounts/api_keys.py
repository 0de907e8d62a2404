"""API keys: made, found by what a request carries, deleted.

A key is `ips_<public id>_<secret>`: a beginning that secret scanners can look for, the part it is
found by, and 256 random bits. Those cannot be guessed, so a plain SHA-256 of them is as good as
a slow hash, and costs nothing per request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.locks import AccountGone
from accounts.models import ApiKey, User
from accounts.tokens import TokenInvalid
from utils import audit
from utils.errors import DomainError

MAX_PER_USER = 25
# The use of a key is noted at most this often, so that not every request writes.
NOTED_EVERY = timedelta(minutes=5)

_SHAPE = re.compile(r"ips_([0-9a-f]{16})_([0-9a-f]{64})")


class TooManyApiKeys(DomainError):
    code = "too_many_api_keys"
    status = 409
    title = "There are as many API keys as there may be"


def create(
    user_id: int,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    on_created: Callable[[int], None] | None = None,
) -> tuple[ApiKey, str]:
    """(The new row, the whole key, which is nowhere kept).

    `on_created(id)` is called in the same transaction. Raises `TooManyApiKeys`, `AccountGone`.
    """
    public_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    with transaction.atomic():
        # Locked, so that of many at once none gets past the limit.
        if not User.objects.select_for_update(no_key=True).filter(pk=user_id).exists():
            raise AccountGone("The account was deleted.")
        count = ApiKey.objects.filter(user_id=user_id).count()
        if count >= MAX_PER_USER:
            raise TooManyApiKeys(
                f"You have {count} API keys; {MAX_PER_USER} are allowed. Delete one first.",
                limit=MAX_PER_USER,
                actual=count,
            )
        row = ApiKey.objects.create(
            user_id=user_id,
            name=name,
            public_id=public_id,
            digest=_digest(secret),
            scopes=list(scopes),
            expires_at=expires_at,
        )
        audit.record_on_commit(
            "api_key_created", user_id=user_id, api_key=row.prefix, scopes=row.scopes
        )
        if on_created:
            on_created(row.pk)
    return row, f"{row.prefix}_{secret}"


def find(key: str) -> ApiKey:
    """The row of a key that is good, with its user, in one query. Raises `TokenInvalid`."""
    shape = _SHAPE.fullmatch(key)
    if shape is None:
        raise TokenInvalid("This is not an API key. One looks like ips_<16 hex>_<64 hex digits>.")
    public_id, secret = shape.groups()
    row = ApiKey.objects.select_related("user").filter(public_id=public_id).first()
    if row is None or not hmac.compare_digest(row.digest, _digest(secret)):
        raise TokenInvalid("There is no such API key; it may have been deleted.")
    if not row.user.is_active:
        raise TokenInvalid("The account of this API key is closed.")
    now = timezone.now()
    if row.expires_at is not None and row.expires_at <= now:
        raise TokenInvalid(f"This API key expired at {row.expires_at.isoformat()}.")
    _note_use(row, now)
    return row


def _note_use(row: ApiKey, now: datetime) -> None:
    if row.last_used_at is not None and row.last_used_at > now - NOTED_EVERY:
        return
    # Asked again by the update, so that of many at once one writes.
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=row.pk).update(last_used_at=now)


def delete(row: ApiKey) -> None:
    """From now on nobody gets in by this key."""
    audit.record_on_commit("api_key_deleted", user_id=row.user_id, api_key=row.prefix)
    row.delete()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
