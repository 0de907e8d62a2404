"""What lies in the object storage, and who answers for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class StoredObject(models.Model):
    """Bytes that are stored once, under the fingerprint of what produced them.

    An upload's fingerprint is that of its owner and bytes, a result's that of its owner, source,
    pipeline and engine. Images and results refer to it; whoever takes a reference or removes the
    last one locks the row first (`library.objects`). A key is never written twice.

    What is made of it in the background (`library.derivations`) belongs to it alone: the objects
    that it names as `thumbnail` and `proxy` are `derived`, and go with it in one statement, which
    is why the database need not be asked who refers to them.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    fingerprint = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=255, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=64)
    metadata = models.JSONField(default=dict, help_text="Facts about the picture in it.")
    warnings = models.JSONField(default=list, help_text="What its making had to say.")
    derived = models.BooleanField(
        default=False, db_default=False, help_text="Made of another one; no quota counts it."
    )
    thumbnail = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    proxy = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    appearance = models.JSONField(
        null=True, help_text="dominant_colors and thumbhash; null until the background has looked."
    )
    # Rows of a release that did not know of it have the database's value.
    to_derive = models.BooleanField(
        default=False, db_default=True, help_text="Whether a derivation has still to be asked for."
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(to_derive=True), name="storedobject_to_derive"
            )
        ]

    def __str__(self) -> str:
        return self.key


class UnclaimedObject(models.Model):
    """A key that no row owns: about to be written, or left behind by its last owner.

    The row is written before the object is, and removed in the transaction that creates its
    `StoredObject`. Whatever dies in between, the key falls due and the object is removed:
    nothing in the storage is ever without a row that knows of it.
    """

    key = models.CharField(max_length=255, unique=True)
    remove_after = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
