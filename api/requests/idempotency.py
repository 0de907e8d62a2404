"""`Idempotency-Key`: a creation that is asked for again and again happens once.

The key is claimed before the work, and completed in the transaction that creates the object. So
whatever dies in between leaves either a record that can be replayed or one that soon expires,
and never two objects. Answers are not kept but rendered again: links are fresh, and a secret
that was shown once is not stored.
"""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, transaction
from django.db.models.functions import Now
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.locks import share_owner
from api.models import IdempotencyRecord
from api.requests.fingerprint import fingerprint
from utils.errors import DomainError

MAX_LENGTH = 255
KEPT = timedelta(hours=24)
# For the work between claim and completion; the body has been received before.
CLAIMED = timedelta(seconds=60)
# Longer than any request takes: who is late must still find out that the key is still theirs.
FORGOTTEN_AFTER = timedelta(hours=1)

PATTERN = r"^[\x21-\x7e]{1,255}$"

log = structlog.get_logger(__name__)


class InvalidKey(DomainError):
    code = "idempotency_key_invalid"
    status = 400
    title = "The Idempotency-Key cannot be used"


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    title = "The Idempotency-Key belongs to another request"


class InProgress(DomainError):
    code = "idempotency_in_progress"
    status = 409
    title = "The first request with this Idempotency-Key is still running"


class CreatedObjectGone(DomainError):
    code = "created_object_gone"
    status = 410
    title = "What this Idempotency-Key created has been deleted since"


class CreatesOnce(Protocol):
    """A view whose `create` is `@idempotent`."""

    def show_created(self, pk: int) -> Response:
        """The answer to the creation of this object of the caller's.

        Raises `ObjectDoesNotExist` when it has gone.
        """
        ...


def idempotent(create: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view's `create` take an `Idempotency-Key`.

    `create` gets `on_created`, to be called with the object's id in the transaction that creates
    it; None when the request has no key. The view has `show_created`, see `CreatesOnce`.
    """

    @functools.wraps(create)
    def once(view: CreatesOnce, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return create(view, request, *args, on_created=None, **kwargs)
        assert request.user.pk is not None
        record = claim(request.user.pk, checked(key), fingerprint(request))
        if record.object_id is not None:
            return _replay(view, record.object_id)
        return _first(record, functools.partial(create, view, request, *args, **kwargs))

    once.idempotent = True  # type: ignore[attr-defined]  # for api.schema
    return once


def _first(record: IdempotencyRecord, create: Callable[..., Response]) -> Response:
    try:
        answer = create(on_created=functools.partial(complete, record))
    except Exception:
        free(record)
        raise
    assert record.object_id is not None, "create did not call on_created"
    return answer


def _replay(view: CreatesOnce, pk: int) -> Response:
    try:
        answer = view.show_created(pk)
    except ObjectDoesNotExist as error:
        raise CreatedObjectGone(
            f"The first request with this key created {pk}, which has been deleted since. "
            "Use another key to create another."
        ) from error
    answer["Idempotent-Replayed"] = "true"
    return answer


def checked(key: str) -> str:
    """The key, if it is one; raises `InvalidKey`."""
    if not re.fullmatch(PATTERN, key):
        raise InvalidKey(
            f"An Idempotency-Key has 1 to {MAX_LENGTH} visible ASCII characters; this one has "
            f"{len(key)} characters.",
            limit=MAX_LENGTH,
            actual=len(key),
        )
    return key


# The row is locked even where the last condition does not hold, so it can be read afterwards.
_CLAIM = """
INSERT INTO api_idempotencyrecord AS record (user_id, key, fingerprint, claim, expires_at)
VALUES (%(user)s, %(key)s, %(fingerprint)s, %(claim)s,
    statement_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (user_id, key) DO UPDATE SET
    fingerprint = excluded.fingerprint, claim = excluded.claim,
    object_id = NULL, expires_at = excluded.expires_at
WHERE record.expires_at <= statement_timestamp()
"""


def claim(user_id: int, key: str, request: str) -> IdempotencyRecord:
    """The caller's own claim (`object_id` is None), or the completed record to be replayed.

    `request` is the fingerprint. Raises `KeyReused`, `InProgress`, `AccountGone`.
    """
    mine = uuid.uuid4()
    values: dict[str, Any] = {
        "user": user_id,
        "key": key,
        "fingerprint": request,
        "claim": mine,
        "seconds": CLAIMED.total_seconds(),
    }
    with transaction.atomic():
        share_owner(user_id)
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
        record = IdempotencyRecord.objects.get(user_id=user_id, key=key)
    if record.fingerprint != request:
        raise KeyReused("This key was used for another request. Use a new key for a new request.")
    if record.claim != mine and record.object_id is None:
        raise InProgress("The first request with this key is still running. Ask again in a moment.")
    return record


def complete(record: IdempotencyRecord, pk: int) -> None:
    """Note what was created. Belongs into the transaction that creates it.

    Raises `InProgress`, so that nothing is created, when the claim expired and another request
    has taken the key over.
    """
    mine = IdempotencyRecord.objects.filter(pk=record.pk, claim=record.claim)
    if not mine.update(object_id=pk, expires_at=Now() + KEPT):
        raise InProgress("This request took too long; another one with its key is running now.")
    record.object_id = pk


def free(record: IdempotencyRecord) -> None:
    """Give up the claim after an error, so that the key can be used again at once."""
    mine = IdempotencyRecord.objects.filter(pk=record.pk, claim=record.claim, object_id=None)
    try:
        mine.delete()
    except Error:  # the error that led here is the one to tell; the claim expires
        log.warning("idempotency_key_not_freed", record=record.pk)


def forget_expired(now: datetime) -> int:
    """Delete the records that expired a while ago; how many. For the maintenance job."""
    old = IdempotencyRecord.objects.filter(expires_at__lte=now - FORGOTTEN_AFTER)
    return old.delete()[0]
