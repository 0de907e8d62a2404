"""Sessions (token families): start, find, rotate, end.

The row decides. A refresh token can be exchanged once. The token before it gets the current pair
again for `GRACE`, because parallel tabs and lost answers are normal. Any older token of the
family means that a token was copied, and ends the session for everyone who holds its tokens.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings

from accounts.access.tokens import Claims
from accounts.models import RefreshFamily, User
from utils import audit
from utils.errors import DomainError
from utils.prepared_query import PreparedQuery

GRACE = timedelta(seconds=10)


_FAMILY = PreparedQuery(
    lambda pk: RefreshFamily.objects.select_related("user").filter(pk=pk), [uuid.UUID(int=1)]
)


class SessionRevoked(DomainError):
    code = "session_revoked"
    status = 401
    title = "Session ended"

    def __init__(self) -> None:
        super().__init__("This session has ended. Sign in again.")


def start(user: User) -> RefreshFamily:
    """Start a session of a user whose password was just checked. Raises `SessionRevoked`.

    The update finds no row if the account was closed or its password changed since the check.
    So no sign-in with the old password survives a password change, which ends all sessions.
    """
    now = timezone.now()
    with transaction.atomic():
        unchanged = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
        if not unchanged.update(last_login=now):
            raise SessionRevoked
        user.last_login = now
        return RefreshFamily.objects.create(
            user=user,
            current=uuid.uuid4().hex,
            expires_at=now + api_settings.REFRESH_TOKEN_LIFETIME,
        )


def find(claims: Claims) -> RefreshFamily:
    """Return the running session that a token names, with its user, in one query.

    Raises `SessionRevoked`.
    """
    family = _FAMILY.first(claims.family)
    if family is None or not _accepts(family, claims):
        raise SessionRevoked
    return family


def rotate(claims: Claims) -> RefreshFamily:
    """Exchange a refresh token; return the family whose current pair the client gets.

    Parallel exchanges wait for each other on the row. Raises `SessionRevoked`.
    """
    with transaction.atomic():
        locked = RefreshFamily.objects.select_for_update(of=("self",)).select_related("user")
        family = locked.filter(pk=claims.family).first()
        if family is None or not _accepts(family, claims):
            raise SessionRevoked
        now = timezone.now()
        if claims.jti == family.current:
            family.previous, family.current = family.current, uuid.uuid4().hex
            family.rotated_at = now
            family.expires_at = now + api_settings.REFRESH_TOKEN_LIFETIME
            family.save(update_fields=["previous", "current", "rotated_at", "expires_at"])
            return family
        if claims.jti == family.previous and family.rotated_at and now < family.rotated_at + GRACE:
            return family
        family.revoked_at = now
        family.save(update_fields=["revoked_at"])
    # Raised outside of the transaction: inside, the error would roll the revocation back.
    audit.record(
        "refresh_token_reused", user_id=family.user_id, warning=True, family=str(family.pk)
    )
    raise SessionRevoked


def _accepts(family: RefreshFamily, claims: Claims) -> bool:
    return (
        family.revoked_at is None
        and family.user.is_active
        and str(family.user_id) == claims.user_id
    )


def end(family_id: uuid.UUID) -> int | None:
    """End one session; return the id of its user, or None if it was not running."""
    families = RefreshFamily.objects.filter(pk=family_id)
    user_id = families.values_list("user_id", flat=True).first()
    return user_id if _end(families) else None


def end_all(user: User, *, but: uuid.UUID | None = None) -> int:
    """End all sessions of a user, or all but one; return how many were running."""
    families = user.refresh_families.all()
    return _end(families.exclude(pk=but) if but else families)


def _end(families: QuerySet[RefreshFamily]) -> int:
    return families.filter(revoked_at=None).update(revoked_at=timezone.now())


def forget_expired(now: datetime) -> int:
    """Delete the sessions whose last token has expired; return how many."""
    return RefreshFamily.objects.filter(expires_at__lte=now).delete()[0]
