"""The links that a picture shows: to its bytes, and to a small version of it."""

from __future__ import annotations

from image_processor.engine import Facts
from image_processor.engine.derived import is_thumbnail
from image_processor.models import SourceImage, StoredObject, TransformedImage
from image_processor.storage.link_window import LinkWindow
from image_processor.storage.signed_links import link_to


def link(picture: SourceImage | TransformedImage) -> str | None:
    """A link to the bytes; None for an image without a picture."""
    stored = picture.stored_object
    return None if stored is None else _link(picture, stored, LinkWindow.current())


def thumbnail(picture: SourceImage | TransformedImage) -> str | None:
    """A link to the thumbnail, or to the picture itself if it is small enough.

    It stays the same for hours, so that browsers cache what a gallery shows. None until the
    thumbnail is made, and for an image without a picture.
    """
    stored = picture.stored_object
    if stored is None:
        return None
    if stored.thumbnail is not None:
        return _link(picture, stored.thumbnail, LinkWindow.of_thumbnails())
    if stored.metadata and is_thumbnail(Facts.from_dict(stored.metadata)):
        return _link(picture, stored, LinkWindow.of_thumbnails())
    return None


def _link(picture: SourceImage | TransformedImage, stored: StoredObject, window: LinkWindow) -> str:
    return link_to(
        stored.key,
        content_type=stored.content_type,
        file_name=picture.file_name,
        window=window,
    )
