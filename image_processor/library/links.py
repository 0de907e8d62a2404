"""Every link that is handed out comes from here, and asks the download policy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string

from image_processor.engine import Facts
from image_processor.engine.derived import is_thumbnail
from image_processor.engine.writing.formats import extension_of
from image_processor.library import file_names
from image_processor.library.readiness import stored_of
from image_processor.models import SourceImage, StoredObject, TransformedImage
from image_processor.storage import object_storage
from utils.errors import DomainError

DownloadPolicy = Callable[[TransformedImage], bool]


class DownloadRefused(DomainError):
    code = "download_refused"
    status = 403
    title = "This result may not be downloaded"


def everything(result: TransformedImage) -> bool:
    """The download policy of a service that locks nothing."""
    return True


def may_download(result: TransformedImage) -> bool:
    """What `settings.DOWNLOAD_POLICY` says of a result."""
    policy: DownloadPolicy = import_string(settings.DOWNLOAD_POLICY)
    return policy(result)


def link(picture: SourceImage | TransformedImage) -> str | None:
    """A link to the bytes that works as it stands and expires.

    None where the policy says no, and for an image that has no picture yet.
    """
    if isinstance(picture, TransformedImage) and not may_download(picture):
        return None
    if picture.stored_object is None:
        return None
    return _link(picture, picture.stored_object)


def thumbnail(picture: SourceImage | TransformedImage) -> str | None:
    """A link to a small version of it, which is the picture itself where that is small.

    None until it has been made, where the policy says no, and for an image that has no picture yet.
    """
    if isinstance(picture, TransformedImage) and not may_download(picture):
        return None
    stored = picture.stored_object
    if stored is None:
        return None
    if stored.thumbnail is not None:
        return _link(picture, stored.thumbnail)
    if stored.metadata and is_thumbnail(Facts.from_dict(stored.metadata)):
        return _link(picture, stored)
    return None


def _link(picture: SourceImage | TransformedImage, stored: StoredObject) -> str:
    return object_storage().link(
        stored.key,
        content_type=stored.content_type,
        disposition=_disposition(picture.file_name, stored, attachment=False),
    )


def disposition(picture: SourceImage | TransformedImage, *, attachment: bool) -> str:
    """The Content-Disposition under which a picture is handed out."""
    return _disposition(picture.file_name, stored_of(picture), attachment=attachment)


def _disposition(file_name: str, stored: StoredObject, *, attachment: bool) -> str:
    """The name ends in what the bytes are: `page.html` is saved as `page.html.jpg`, so that nothing
    on the person's machine opens it as a page.
    """
    name = file_names.ending_in(file_name, extension_of(stored.content_type))
    return content_disposition_header(attachment, name) or "inline"
