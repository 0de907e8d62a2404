"""Stored objects, and keys in the object storage that belong to none."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class StoredObject(models.Model):
    """An object in the storage, shared by all images and results with the same fingerprint.

    The fingerprint of an upload is made from its owner and bytes, that of a result from its owner,
    source, pipeline and engine. Whoever adds a reference or removes the last one locks the row
    first (`library.stored_objects`). A key is never written twice.

    `thumbnail` and `proxy` are stored objects as well, with `derived` set. They belong to this
    object alone and are deleted in the same statement, so their foreign keys need neither an
    index nor a constraint.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    fingerprint = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=255, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=64)
    metadata = models.JSONField(
        default=dict, help_text="Facts about the picture, such as format and size."
    )
    warnings = models.JSONField(default=list, help_text="Warnings of the pipeline that made it.")
    derived = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Thumbnail or proxy of another object; no quota counts it.",
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
        null=True, help_text="dominant_colors and thumbhash; null until the derivation is done."
    )
    # A release that does not know this field writes rows with the database's default.
    to_derive = models.BooleanField(
        default=False, db_default=True, help_text="Whether a derivation job has yet to be written."
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
    """A key that belongs to no `StoredObject`: not adopted yet, or left by a deleted one.

    The row is written before the object, and the transaction that creates the `StoredObject`
    deletes it. If the writer dies in between, the object is removed after `remove_after`. So
    every object in the storage has a row.
    """

    key = models.CharField(max_length=255, unique=True)
    # No foreign key: the objects of a deleted account are removed after its last row.
    owner_id = models.BigIntegerField(
        default=0, db_default=0, help_text="Whose object was deleted; 0 if none adopted it."
    )
    remove_after = models.DateTimeField()

    class Meta:
        indexes = [
            # Removal takes the objects of each owner in turn.
            models.Index(fields=["owner_id", "remove_after"], name="unclaimed_owner")
        ]

    def __str__(self) -> str:
        return self.key
