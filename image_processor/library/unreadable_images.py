"""Images whose file passed the check at the upload, and which no decoder can decode.

The check reads headers only. The derivation of an upload is the first to decode its pixels; if it
finds them undecodable, every task of the image would fail. The image is then `failed`, with the
reason. It keeps its file, and the same bytes are refused while it exists.
"""

from __future__ import annotations

from django.db.models.functions import Now

from image_processor.engine.errors import InvalidImage, UnsupportedFormat
from image_processor.models import SourceImage, StoredObject
from outbox import events

_ERRORS = {error.code: error for error in (InvalidImage, UnsupportedFormat)}


def means_unreadable(error: Exception | None) -> bool:
    """Return whether an error of a derivation is the fault of the file."""
    return isinstance(error, tuple(_ERRORS.values()))


def fail_images(stored_id: int, code: str, message: str) -> None:
    """Set the ready images of a stored object to `failed`.

    The caller's transaction has locked their owner.
    """
    images = SourceImage.objects.filter(stored_object_id=stored_id, status=SourceImage.Status.READY)
    list(images.select_for_update(no_key=True).order_by("pk"))
    # A new image of these bytes, which locks the object as well, comes before or after this.
    StoredObject.objects.select_for_update().filter(pk=stored_id).first()
    failed = list(images.order_by("pk"))
    images.update(
        status=SourceImage.Status.FAILED,
        error_code=code,
        error_message=message,
        updated_at=Now(),
    )
    for image in failed:
        events.record("image.failed", image.owner_id, image=image.pk, code=code)


def refuse_unreadable(stored: StoredObject) -> None:
    """Raise `InvalidImage` or `UnsupportedFormat` if an image of this object has failed."""
    failed = stored.source_images.filter(status=SourceImage.Status.FAILED).first()
    if failed is not None:
        raise _ERRORS.get(failed.error_code, InvalidImage)(failed.error_message)
