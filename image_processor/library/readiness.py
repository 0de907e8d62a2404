"""Whether an image has a picture yet: one that is being imported, or could not be, has none."""

from __future__ import annotations

from image_processor.models import SourceImage, StoredObject, TransformedImage
from utils.errors import DomainError


class ImageNotReady(DomainError):
    code = "image_not_ready"
    status = 409
    title = "An image has no picture yet"


def object_of(image: SourceImage) -> StoredObject:
    """What lies in the storage for it; raises `ImageNotReady`."""
    if image.status != SourceImage.Status.READY or image.stored_object is None:
        raise ImageNotReady(not_ready(image))
    return image.stored_object


def stored_of(picture: SourceImage | TransformedImage) -> StoredObject:
    """As `object_of`, of an image or a result."""
    return object_of(picture) if isinstance(picture, SourceImage) else picture.stored_object


def require_ready(image: SourceImage) -> None:
    """Raise `ImageNotReady` for an image without a picture. No query."""
    if image.status != SourceImage.Status.READY:
        raise ImageNotReady(not_ready(image))


def not_ready(image: SourceImage) -> str:
    """In words, how it stands with an image that has no picture."""
    reason = f": {image.error_message}" if image.error_message else "."
    return f"Image {image.pk} is {image.status}{reason}"
