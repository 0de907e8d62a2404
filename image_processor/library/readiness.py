"""Images without a picture: those whose import is running or has failed."""

from __future__ import annotations

from image_processor.models import SourceImage, StoredObject, TransformedImage
from utils.errors import DomainError


class ImageNotReady(DomainError):
    code = "image_not_ready"
    status = 409
    title = "Image not ready"


def object_of(image: SourceImage) -> StoredObject:
    """The stored object of an image. Raises `ImageNotReady`."""
    if image.status != SourceImage.Status.READY or image.stored_object is None:
        raise ImageNotReady(not_ready(image))
    return image.stored_object


def stored_of(picture: SourceImage | TransformedImage) -> StoredObject:
    """The stored object of an image or a result. Raises `ImageNotReady`."""
    return object_of(picture) if isinstance(picture, SourceImage) else picture.stored_object


def require_ready(image: SourceImage) -> None:
    """Raise `ImageNotReady` for an image without a picture. No query."""
    if image.status != SourceImage.Status.READY:
        raise ImageNotReady(not_ready(image))


def not_ready(image: SourceImage) -> str:
    """A sentence about why an image has no picture."""
    reason = f": {image.error_message}" if image.error_message else "."
    return f"Image {image.pk} is {image.status}{reason}"
