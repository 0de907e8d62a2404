"""API keys: create, look up, delete.

A key is `ips_<public id>_<secret>`: a prefix for secret scanners, the public id of the row, and
256 random bits. Nobody can guess 256 bits, so a plain SHA-256 protects them as well as a slow
hash does, and costs almost nothing per request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access.tokens import TokenInvalid
from accounts.locks import lock_owner
from accounts.models import ApiKey
from utils import audit
from utils.errors import DomainError
from utils.versions import ExpectedVersion, lock_version

MAX_PER_USER = 25
# `last_used_at` is written at most this often, so that most requests write nothing.
USE_RECORDED_EVERY = timedelta(minutes=5)

_SHAPE = re.compile(r"ips_([0-9a-f]{16})_([0-9a-f]{64})")


class TooManyApiKeys(DomainError):
    code = "too_many_api_keys"
    status = 409
    title = "API key limit reached"


def create(
    user_id: int,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Create a key in the caller's transaction; return (row, the whole key, which is not stored).

    Raises `TooManyApiKeys`, `AccountGone`.
    """
    public_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    lock_owner(user_id)  # keeps parallel requests from exceeding the limit
    count = ApiKey.objects.filter(user_id=user_id).count()
    if count >= MAX_PER_USER:
        raise TooManyApiKeys(
            f"You have {count} API keys; the limit is {MAX_PER_USER}. Delete one first.",
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
    return row, f"{row.prefix}_{secret}"


def find(key: str) -> ApiKey:
    """Return the row of a valid key with its user, in one query. Raises `TokenInvalid`."""
    shape = _SHAPE.fullmatch(key)
    if shape is None:
        raise TokenInvalid(
            "This is not an API key; one looks like ips_<16 hex digits>_<64 hex digits>."
        )
    public_id, secret = shape.groups()
    row = ApiKey.objects.select_related("user").filter(public_id=public_id).first()
    if row is None or not hmac.compare_digest(row.digest, _digest(secret)):
        raise TokenInvalid("There is no such API key; it may have been deleted.")
    if not row.user.is_active:
        raise TokenInvalid("The account of this API key is closed.")
    now = timezone.now()
    if row.expires_at is not None and row.expires_at <= now:
        raise TokenInvalid(f"This API key expired at {row.expires_at.isoformat()}.")
    _record_use(row, now)
    return row


def _record_use(row: ApiKey, now: datetime) -> None:
    if row.last_used_at is not None and row.last_used_at > now - USE_RECORDED_EVERY:
        return
    # The update repeats the condition, so that one of many parallel requests writes.
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_RECORDED_EVERY)
    ApiKey.objects.filter(stale, pk=row.pk).update(last_used_at=now)


def of_owner(owner_id: int) -> QuerySet[ApiKey]:
    """An owner's API keys."""
    return ApiKey.objects.filter(user_id=owner_id)


def delete(row: ApiKey, *, expected_version: ExpectedVersion | None = None) -> None:
    """Delete a key; requests with it get 401 from now on.

    Raises `NotFound`, `PreconditionFailed`.
    """
    with transaction.atomic():
        locked = lock_version(ApiKey.objects.filter(pk=row.pk), expected_version)
        audit.record_on_commit("api_key_deleted", user_id=locked.user_id, api_key=locked.prefix)
        locked.delete()


def delete_all(keys: QuerySet[ApiKey]) -> None:
    """Delete keys, in a transaction of the caller that has locked their owner."""
    for row in keys.order_by("pk"):
        audit.record_on_commit("api_key_deleted", user_id=row.user_id, api_key=row.prefix)
        row.delete()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
