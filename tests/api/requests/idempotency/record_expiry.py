"""Let idempotency records expire."""

from __future__ import annotations

from datetime import timedelta

from api.models import IdempotencyRecord


def pass_time(**duration: int) -> None:
    for record in IdempotencyRecord.objects.all():
        record.expires_at -= timedelta(**duration)
        record.save()
