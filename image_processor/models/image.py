"""Images: sources that people upload, and results that tasks make from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, Func
from django.db.models.functions import Cast, Now

from image_processor.models.stored_object import StoredObject
from image_processor.models.task import TransformationTask


def octet_length(text: str | Expression) -> Func:
    """The number of bytes of a text."""
    return Func(text, function="octet_length", output_field=models.IntegerField())


class Image(models.Model):
    """The fields that sources and results share.

    Both tables also have a generated column `search`, which no model field stands for: see
    `models.search`.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    file_name = models.CharField(max_length=255)
    description = models.TextField(blank=True, max_length=10_000)
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        indexes = [
            # Every index of a list starts with the owner, and no other index has the list's order.
            # Otherwise PostgreSQL may walk through the rows of all owners (decision 0056).
            models.Index(fields=["owner", "created_at", "id"], name="%(class)s_created"),
            models.Index(fields=["owner", "file_name", "id"], name="%(class)s_name"),
            # Indexes for the filters of lists: rare values are found without scanning the rest.
            models.Index(
                "owner", F("metadata__format"), "created_at", "id", name="%(class)s_format"
            ),
            models.Index("owner", F("metadata__width"), name="%(class)s_width"),
            models.Index("owner", F("metadata__height"), name="%(class)s_height"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"

    @property
    def etag_state(self) -> str:
        """The part of the ETag that changes when the image's derivation is done."""
        stored: StoredObject | None = self.stored_object  # type: ignore[attr-defined]
        return "derived" if stored is not None and stored.appearance is not None else ""


class SourceImage(Image):
    """An uploaded or imported picture. Every result is a pipeline applied to a source image.

    While it is `importing` (see `ImageImport`), and if that failed, it has no stored object and no
    metadata. An upload whose pixels cannot be decoded is `failed` as well, and keeps its object
    (see `library.unreadable_images`).
    """

    class Status(models.TextChoices):
        READY = "ready"
        IMPORTING = "importing"
        FAILED = "failed"

    stored_object = models.ForeignKey(
        StoredObject, on_delete=models.RESTRICT, null=True, related_name="source_images"
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.READY)
    error_code = models.CharField(
        max_length=64,
        db_default="",
        help_text="Why the image failed, or why the last attempt of its import did.",
    )
    error_message = models.TextField(db_default="")
    tags = models.JSONField(default=list)
    focal_point = models.JSONField(
        null=True, help_text='{"x": 0..1, "y": 0..1}, fractions of the upright picture.'
    )
    analysis_status = models.CharField(max_length=16, default="none")
    # The brackets of an empty list of tags cost nothing.
    text_bytes = models.GeneratedField(
        expression=octet_length("description")
        + octet_length(Cast("tags", models.TextField()))
        - models.Value(2),
        output_field=models.IntegerField(),
        db_persist=True,
        help_text="Bytes of description and tags, which count as stored bytes.",
    )
    deleted_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="From when the image is hidden. Its rows are removed in the background.",
    )

    class Meta(Image.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="ready") | models.Q(stored_object__isnull=False),
                name="image_ready_has_object",
            )
        ]


class TransformedImage(Image):
    """A result: the picture that one successful task made."""

    stored_object = models.ForeignKey(
        StoredObject, on_delete=models.RESTRICT, related_name="results"
    )
    source_image = models.ForeignKey(SourceImage, on_delete=models.CASCADE, related_name="results")
    transformation_task = models.OneToOneField(
        TransformationTask, on_delete=models.CASCADE, related_name="result_image"
    )
    text_bytes = models.GeneratedField(
        expression=octet_length("description"),
        output_field=models.IntegerField(),
        db_persist=True,
        help_text="Bytes of the description, which count as stored bytes.",
    )

    class Meta(Image.Meta):
        abstract = False
        indexes = [
            *Image.Meta.indexes,
            models.Index(
                fields=["owner", "source_image", "created_at", "id"], name="result_source"
            ),
        ]
