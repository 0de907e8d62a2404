"""Images whose file passed the check at the upload, and which no decoder can decode.

The check reads headers only. The derivation of an upload is the first to decode its pixels; if it
finds them undecodable, every task of the image would fail. The image is then `failed`, with the
reason. It keeps its file, and the same bytes are refused while it exists.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Now

from image_processor.engine.errors import InvalidImage, UnsupportedFormat
from image_processor.models import SourceImage, StoredObject
from outbox import events

_ERRORS = {error.code: error for error in (InvalidImage, UnsupportedFormat)}


def means_unreadable(error: Exception | None) -> bool:
    """Return whether an error of a derivation is the fault of the file."""
    return isinstance(error, tuple(_ERRORS.values()))


def lock(stored_id: int) -> None:
    """Lock a stored object and its ready images, which `fail_images` may change.

    The caller's transaction has locked their owner. A new image of these bytes, which locks the
    object as well, comes before or after this transaction.
    """
    list(_ready_images(stored_id).select_for_update(no_key=True).values_list("pk"))
    StoredObject.objects.select_for_update().filter(pk=stored_id).first()


def fail_images(stored_id: int, code: str, message: str) -> None:
    """Set the ready images of a stored object to `failed`. The caller has called `lock`."""
    images = _ready_images(stored_id)
    failed = list(images)
    images.update(
        status=SourceImage.Status.FAILED,
        error_code=code,
        error_message=message,
        updated_at=Now(),
    )
    for image in failed:
        events.record("image.failed", image.owner_id, image=image.pk, code=code)


def _ready_images(stored_id: int) -> QuerySet[SourceImage]:
    ready = SourceImage.objects.filter(status=SourceImage.Status.READY)
    return ready.filter(stored_object_id=stored_id).order_by("pk")


def refuse_unreadable(stored: StoredObject) -> None:
    """Raise `InvalidImage` or `UnsupportedFormat` if an image of this object has failed."""
    failed = stored.source_images.filter(status=SourceImage.Status.FAILED).first()
    if failed is not None:
        raise _ERRORS.get(failed.error_code, InvalidImage)(failed.error_message)
