"""`Idempotency-Key`: a creation that is requested several times happens once.

A request claims its key before it does any work, and completes the claim in the transaction that
creates the object. A process that dies in between leaves either a completed record, which can be
replayed, or a claim that soon expires, but never two objects. Answers are not stored. A replay
renders the object anew: its links are fresh, and a secret that was shown once is not kept.
"""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.locks import share_owner
from api.models import IdempotencyRecord
from api.requests.fingerprint import fingerprint
from utils.errors import DomainError

MAX_LENGTH = 255
# How long a completed key is replayed.
REPLAY_PERIOD = timedelta(hours=24)
# How long a claim holds. It covers the work, not the receiving of the body, which comes before.
CLAIM_PERIOD = timedelta(seconds=60)
# Longer than any request takes: a late request must still find out whether it holds its claim.
RETENTION_AFTER_EXPIRY = timedelta(hours=1)

PATTERN = r"^[\x21-\x7e]{1,255}$"

log = structlog.get_logger(__name__)


class InvalidKey(DomainError):
    code = "idempotency_key_invalid"
    status = 400
    title = "Invalid Idempotency-Key"


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    title = "Idempotency-Key used for another request"


class InProgress(DomainError):
    code = "idempotency_in_progress"
    status = 409
    title = "First request with this Idempotency-Key still running"


class CreatedObjectGone(DomainError):
    code = "created_object_gone"
    status = 410
    title = "Created object no longer exists"


@dataclass
class Claim:
    """The right of one request to create an object under its key.

    A request without a key has a claim without a `record`. `object_id` is set once the object is
    created.
    """

    record: IdempotencyRecord | None = None
    object_id: int | None = None

    @property
    def is_completed(self) -> bool:
        return self.object_id is not None

    def complete(self, pk: int) -> None:
        """Record the created object. Call it in the transaction that creates the object.

        Raises `InProgress`, so that nothing is created, when the claim expired and another request
        has claimed the key.
        """
        if self.record is not None:
            held = _held(self.record).update(object_id=pk, expires_at=Now() + REPLAY_PERIOD)
            if not held:
                raise InProgress(
                    "This request took too long; another request with its key is running now."
                )
        self.object_id = pk

    def release(self) -> None:
        """Give an uncompleted claim up after an error, so that the key can be used at once."""
        if self.record is None:
            return
        try:
            _held(self.record).filter(object_id=None).delete()
        except Error:  # the caller reports the error that led here; the claim expires
            log.warning("idempotency_key.release_failed", record=self.record.pk)


def _held(record: IdempotencyRecord) -> QuerySet[IdempotencyRecord]:
    """The row of a record, if its claim still holds."""
    return IdempotencyRecord.objects.filter(pk=record.pk, claim=record.claim)


class CreatesOnce(Protocol):
    """A view whose `create` is `@idempotent`."""

    def show_created(self, pk: int) -> Response:
        """Return the answer to the creation of this object, which belongs to the caller.

        Raises `ObjectDoesNotExist` when the object is deleted.
        """
        ...


def idempotent(create: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view's `create` take an `Idempotency-Key`.

    `create` receives `claim` and completes it in the transaction that creates the object. A
    repeated request is answered by the view's `show_created` (see `CreatesOnce`).
    """

    @functools.wraps(create)
    def create_once(view: CreatesOnce, request: Request, *args: Any, **kwargs: Any) -> Response:
        claim = _claim_key_of(request)
        if claim.object_id is not None:
            return _replay(view, claim.object_id)
        try:
            response = create(view, request, *args, claim=claim, **kwargs)
        except Exception:
            claim.release()
            raise
        assert claim.is_completed, "create did not complete its claim"
        return response

    create_once.idempotent = True  # type: ignore[attr-defined]  # for api.schema
    return create_once


def _claim_key_of(request: Request) -> Claim:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return Claim()
    _require_valid(key)
    assert request.user.pk is not None
    return claim(request.user.pk, key, fingerprint(request))


def _replay(view: CreatesOnce, pk: int) -> Response:
    try:
        response = view.show_created(pk)
    except ObjectDoesNotExist as error:
        raise CreatedObjectGone(
            f"The first request with this key created object {pk}, which has been deleted. "
            "Use a new key to create another object."
        ) from error
    response["Idempotent-Replayed"] = "true"
    return response


def _require_valid(key: str) -> None:
    if not re.fullmatch(PATTERN, key):
        raise InvalidKey(
            f"An Idempotency-Key has 1 to {MAX_LENGTH} visible ASCII characters; this one has "
            f"{len(key)} characters.",
            limit=MAX_LENGTH,
            actual=len(key),
        )


# PostgreSQL locks the row even where the last condition is false, so it can be read afterwards.
_CLAIM = """
INSERT INTO api_idempotencyrecord AS record (user_id, key, fingerprint, claim, expires_at)
VALUES (%(user)s, %(key)s, %(fingerprint)s, %(claim)s,
    statement_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (user_id, key) DO UPDATE SET
    fingerprint = excluded.fingerprint, claim = excluded.claim,
    object_id = NULL, expires_at = excluded.expires_at
WHERE record.expires_at <= statement_timestamp()
"""


def claim(user_id: int, key: str, request_fingerprint: str) -> Claim:
    """Return a new claim, or the completed claim (with `object_id`) of an earlier, equal request.

    Raises `KeyReused`, `InProgress`, `AccountGone`.
    """
    token = uuid.uuid4()
    values: dict[str, Any] = {
        "user": user_id,
        "key": key,
        "fingerprint": request_fingerprint,
        "claim": token,
        "seconds": CLAIM_PERIOD.total_seconds(),
    }
    with transaction.atomic():
        share_owner(user_id)
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
        record = IdempotencyRecord.objects.get(user_id=user_id, key=key)
    if record.fingerprint != request_fingerprint:
        raise KeyReused("This key was used for another request. Use a new key for a new request.")
    if record.claim != token and record.object_id is None:
        raise InProgress("The first request with this key is still running. Try again in a moment.")
    return Claim(record, record.object_id)


def forget_expired(now: datetime) -> int:
    """Delete the records that expired at least `RETENTION_AFTER_EXPIRY` ago; return how many."""
    old = IdempotencyRecord.objects.filter(expires_at__lte=now - RETENTION_AFTER_EXPIRY)
    return old.delete()[0]
