"""Links to stored objects. Every link that the service hands out is made here."""

from __future__ import annotations

from functools import lru_cache

from django.utils.http import content_disposition_header

from image_processor.engine.writing.output_formats import extension_of
from image_processor.storage import file_names, object_storage
from image_processor.storage.link_window import LinkWindow


def link_to(
    key: str,
    *,
    content_type: str,
    file_name: str,
    picture: str,
    attachment: bool = False,
    window: LinkWindow | None = None,
) -> str:
    """An absolute link to an object's bytes that needs no credentials and expires.

    With `attachment`, a browser saves the bytes instead of showing them. `window` as in
    `ObjectStorage.link`.
    """
    return object_storage().link(
        key,
        content_type=content_type,
        disposition=disposition(file_name, content_type, attachment=attachment),
        window=window,
        picture=picture,
    )


@lru_cache(4096)
def disposition(file_name: str, content_type: str, *, attachment: bool) -> str:
    """The Content-Disposition of bytes of this type.

    The name ends in the extension of the type: `page.html` is saved as `page.html.jpg`, so that
    nothing on the person's machine opens a picture as a page.
    """
    name = file_names.with_extension(file_name, extension_of(content_type))
    return content_disposition_header(attachment, name) or "inline"
