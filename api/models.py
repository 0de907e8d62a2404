"""Idempotency keys that requests carried, and the objects that were created under them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class IdempotencyRecord(models.Model):
    """One `Idempotency-Key` of one user, and what was created under it.

        (none) --claim--> claimed --complete, with the object's creation--> completed
                          claimed --an error--> (none)

    A claim expires after 60 s, in case its process was killed. A completed record expires after
    24 h. A request may claim the key of an expired record. Only the request that made the claim may
    complete or release it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(
        max_length=64, help_text="Of the request, see api.requests.fingerprint."
    )
    claim = models.UUIDField()
    object_id = models.BigIntegerField(null=True, help_text="Null until the object is there.")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_unique")
        ]
