"""Readiness of images: tasks and previews need an image whose import or check did not fail."""

from __future__ import annotations

from image_processor.models import SourceImage, StoredObject, TransformedImage
from utils.errors import DomainError


class ImageNotReady(DomainError):
    code = "image_not_ready"
    status = 409
    title = "Image not ready"


def require_ready(image: SourceImage) -> None:
    """Raise `ImageNotReady` for an image that is importing or failed. No query."""
    if image.status != SourceImage.Status.READY:
        raise ImageNotReady(explain_not_ready(image))


def require_object(picture: SourceImage | TransformedImage) -> StoredObject:
    """Return the stored object of an image or a result.

    An image that failed after its upload has one. Raises `ImageNotReady`.
    """
    stored: StoredObject | None = picture.stored_object
    if stored is None:
        assert isinstance(picture, SourceImage)  # the column of a result is never null
        raise ImageNotReady(explain_not_ready(picture))
    return stored


def explain_not_ready(image: SourceImage) -> str:
    """Return a sentence that says why an image is not ready."""
    reason = f": {image.error_message}" if image.error_message else "."
    return f"Image {image.pk} is {image.status}{reason}"
