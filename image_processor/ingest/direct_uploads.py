"""Files that are sent to the object storage itself, and looked at before they become images.

A form writes to one random key below `incoming/`, which nobody keeps anything under. Taking the
file in starts with a copy to a key that no form names: what is checked is that copy, so nothing
can be exchanged between the check and its adoption, not even by bytes with the same ETag.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import BinaryIO

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils import timezone

from accounts.locks import lock_owner, share_owner
from image_processor import conf
from image_processor.engine import content_type as content_type_of
from image_processor.engine.errors import FileTooLarge, UnsupportedFormat
from image_processor.engine.writing.formats import extension_of
from image_processor.ingest import intake
from image_processor.ingest.upload import new_image
from image_processor.library import file_names, objects, quotas
from image_processor.library.locks import ImageGone
from image_processor.models import DirectUpload, SourceImage, StoredObject, UnclaimedObject
from image_processor.storage import object_storage
from image_processor.storage.direct import DirectUploadUnavailable, Seen, UploadForm, direct_storage
from image_processor.storage.errors import ObjectChanged, ObjectMissing, from_os_error
from utils.errors import DomainError

# How long a form may be used.
LIFETIME = timedelta(hours=1)
# How long sending may take that began while the form could be used.
SENDING = timedelta(hours=1)
# How long a form that has expired is remembered, so that what became of it can be asked.
KEPT = timedelta(days=1)


class DirectUploadExpired(DomainError):
    code = "direct_upload_expired"
    status = 409
    title = "The time to send the file is over"


class DirectUploadIncomplete(DomainError):
    code = "direct_upload_incomplete"
    status = 409
    title = "The file has not arrived"


class DirectUploadMismatch(DomainError):
    code = "direct_upload_mismatch"
    status = 422
    title = "The file is not the one that was announced"


class _TakenIn(Exception):
    """Another request has taken the file in meanwhile."""

    def __init__(self, image: SourceImage) -> None:
        super().__init__()
        self.image = image


def content_types() -> list[str]:
    """Those of files that can be read."""
    return sorted({content_type_of(name) for name in conf.limits().formats})


def begin(
    owner_id: int,
    *,
    file_name: str,
    size_bytes: int,
    content_type: str,
    description: str = "",
    on_created: Callable[[int], None] | None = None,
) -> DirectUpload:
    """Announce a file; `form_of` tells how to send it. What may still arrive counts as stored.

    `on_created(id)` is called in the transaction that writes it. Raises `InvalidFileName`,
    `DirectUploadUnavailable`, `FileTooLarge`, `UnsupportedFormat`, `QuotaExceeded`.
    """
    direct_storage()
    file_names.checked(file_name)
    _require_announced(size_bytes, content_type)
    with transaction.atomic():
        lock_owner(owner_id)
        quotas.require_room(owner_id, size_bytes + _expected(owner_id))
        key = objects.incoming_key()
        UnclaimedObject.objects.create(key=key, remove_after=Now() + LIFETIME + SENDING)
        upload = DirectUpload.objects.create(
            owner_id=owner_id,
            key=key,
            file_name=file_name,
            description=description,
            content_type=content_type,
            size_bytes=size_bytes,
            expires_at=timezone.now() + LIFETIME,
        )
        if on_created:
            on_created(upload.pk)
    return upload


def form_of(upload: DirectUpload) -> UploadForm | None:
    """The form to send the file with; None when that is done, too late, or not possible."""
    if upload.image_id is not None or upload.expires_at <= timezone.now():
        return None
    try:
        storage = direct_storage()
    except DirectUploadUnavailable:
        return None
    return storage.upload_form(
        upload.key,
        content_type=upload.content_type,
        size_bytes=upload.size_bytes,
        until=upload.expires_at,
    )


def complete(upload: DirectUpload) -> SourceImage:
    """The image that the file has become; the same one however often it is asked for.

    Raises `DirectUploadUnavailable`, `DirectUploadExpired`, `DirectUploadIncomplete`,
    `DirectUploadMismatch`, `ObjectChanged`, and what an upload is refused with. What is refused is
    removed; until the form expires the file may be sent again.
    """
    direct_storage()
    if upload.image is not None:
        return upload.image
    if upload.expires_at <= timezone.now():
        raise DirectUploadExpired(f"The file had to be sent before {upload.expires_at:%H:%M} UTC.")
    try:
        image = _take_in(upload, _seen(upload))
    except _TakenIn as other:
        return other.image
    except DomainError as error:
        # Who was faster has moved the file away.
        done = DirectUpload.objects.select_related("image").filter(pk=upload.pk).first()
        if done is not None and done.image is not None:
            return done.image
        if not error.transient and not isinstance(error, DirectUploadIncomplete):
            objects.remove_early(upload.key)
        raise
    objects.remove_early(upload.key)
    return image


def forget_old() -> int:
    """Remove the rows of forms that expired longer ago than `KEPT`; images stay. How many."""
    return DirectUpload.objects.filter(expires_at__lt=Now() - KEPT).delete()[0]


def _require_announced(size_bytes: int, content_type: str) -> None:
    limit = conf.limits().max_file_bytes
    if size_bytes > limit:
        raise FileTooLarge(
            f"The file would have {size_bytes} bytes; {limit} are allowed.",
            pointer="/size_bytes",
            limit=limit,
            actual=size_bytes,
        )
    if content_type not in content_types():
        raise UnsupportedFormat(
            f"There is no picture of type {content_type[:64]}; there are: "
            f"{', '.join(content_types())}.",
            pointer="/content_type",
        )


def _expected(owner_id: int) -> int:
    """Bytes that the owner's forms may still bring."""
    pending = DirectUpload.objects.filter(
        owner_id=owner_id, image=None, expires_at__gt=Now() - SENDING
    )
    return pending.aggregate(sum=Sum("size_bytes"))["sum"] or 0


def _seen(upload: DirectUpload) -> Seen:
    try:
        seen = direct_storage().look(upload.key)
    except ObjectMissing as error:
        raise DirectUploadIncomplete("No file has arrived yet; send it by the form.") from error
    _require_size(upload, seen.size_bytes)
    return seen


def _take_in(upload: DirectUpload, seen: Seen) -> SourceImage:
    key = objects.upload_key(extension_of(upload.content_type))
    try:
        objects.write_by(
            key,
            lambda: direct_storage().copy(
                upload.key, key, etag=seen.etag, content_type=upload.content_type
            ),
        )
        with tempfile.TemporaryFile() as file:
            _read_back(upload, key, file)
            checked = intake.check(upload.owner_id, file)
        return intake.keep(
            checked,
            lambda: key,
            lambda stored: _publish(upload, stored),
            hold=lambda: _hold(upload),
        )
    except ObjectMissing as error:
        raise ObjectChanged("The file was removed while it was looked at.") from error
    except OSError as error:  # of the temporary file
        raise from_os_error(error) from error
    finally:
        objects.abandon(key)  # changes nothing once it is adopted


def _read_back(upload: DirectUpload, key: str, file: BinaryIO) -> None:
    """Write the copy's bytes to `file`, not one more than were announced."""
    size = 0
    for piece in object_storage().chunks(key):
        size += len(piece)
        if size > upload.size_bytes:
            break
        file.write(piece)
    _require_size(upload, size)


def _require_size(upload: DirectUpload, size: int) -> None:
    if size != upload.size_bytes:
        raise DirectUploadMismatch(
            f"The file has {size} bytes; {upload.size_bytes} were announced.",
            limit=upload.size_bytes,
            actual=size,
        )


def _hold(upload: DirectUpload) -> None:
    share_owner(upload.owner_id)
    locked = DirectUpload.objects.select_for_update().filter(pk=upload.pk).first()
    if locked is None:
        raise ImageGone("The upload was deleted.")
    if locked.image is not None:
        raise _TakenIn(locked.image)


def _publish(upload: DirectUpload, stored: StoredObject) -> SourceImage:
    image, _ = new_image(stored, file_name=upload.file_name, description=upload.description)
    DirectUpload.objects.filter(pk=upload.pk).update(image=image, updated_at=Now())
    return image
