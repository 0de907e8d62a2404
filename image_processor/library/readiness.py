"""Readiness of images: an image whose import is running or has failed has no stored object."""

from __future__ import annotations

from image_processor.models import SourceImage, StoredObject, TransformedImage
from utils.errors import DomainError


class ImageNotReady(DomainError):
    code = "image_not_ready"
    status = 409
    title = "Image not ready"


def require_ready(image: SourceImage) -> None:
    """Raise `ImageNotReady` for an image without a stored object. No query."""
    if image.status != SourceImage.Status.READY:
        raise ImageNotReady(explain_not_ready(image))


def require_object(picture: SourceImage | TransformedImage) -> StoredObject:
    """Return the stored object of an image or a result. Raises `ImageNotReady`."""
    if isinstance(picture, SourceImage):
        require_ready(picture)
    assert picture.stored_object is not None  # guaranteed by image_ready_has_object
    return picture.stored_object


def explain_not_ready(image: SourceImage) -> str:
    """Return a sentence that says why an image is not ready."""
    reason = f": {image.error_message}" if image.error_message else "."
    return f"Image {image.pk} is {image.status}{reason}"
