"""Completion of a direct upload: the file that a client sent to the storage becomes an image.

Completion first copies the file to a key that no form can write. The copy is checked and adopted,
so a client cannot replace the bytes between check and adoption, not even by bytes with the same
ETag.
"""

from __future__ import annotations

import tempfile
from typing import BinaryIO

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.locks import share_owner
from image_processor.engine.writing.output_formats import extension_of
from image_processor.ingest import file_check
from image_processor.library import images, object_keys, stored_objects
from image_processor.library.locks import ImageGone
from image_processor.models import DirectUpload, SourceImage
from image_processor.storage import object_storage
from image_processor.storage.direct_uploads import direct_storage
from image_processor.storage.errors import ObjectChanged, ObjectMissing, translate_os_error
from utils.errors import DomainError


class DirectUploadExpired(DomainError):
    code = "direct_upload_expired"
    status = 409
    title = "Time to send the file expired"


class DirectUploadIncomplete(DomainError):
    code = "direct_upload_incomplete"
    status = 409
    title = "File not received"


class DirectUploadMismatch(DomainError):
    code = "direct_upload_mismatch"
    status = 422
    title = "File differs from the announced one"


def complete(upload: DirectUpload) -> SourceImage:
    """Return the image made of the file; a repeated call returns the same image.

    A refused file is removed; the client may send another until the form expires. Raises
    `DirectUploadUnavailable`, `DirectUploadExpired`, `DirectUploadIncomplete`,
    `DirectUploadMismatch`, `ObjectChanged`, and what `file_check.check` raises.
    """
    direct_storage()
    if upload.image is not None:
        return upload.image
    if upload.expires_at <= timezone.now():
        raise DirectUploadExpired(f"The file had to be sent before {upload.expires_at:%H:%M} UTC.")
    try:
        image = _take_in(upload)
    except DomainError as error:
        # A parallel request may have completed the upload first and removed the file.
        done = DirectUpload.objects.select_related("image").filter(pk=upload.pk).first()
        if done is not None and done.image is not None:
            return done.image
        if not error.transient and not isinstance(error, DirectUploadIncomplete):
            stored_objects.remove_early(upload.key)
        raise
    stored_objects.remove_early(upload.key)
    return image


def _take_in(upload: DirectUpload) -> SourceImage:
    key = object_keys.upload_key(extension_of(upload.content_type))
    etag = _read_etag(upload)
    try:
        with stored_objects.writing(key):
            direct_storage().copy(upload.key, key, etag=etag, content_type=upload.content_type)
        with tempfile.TemporaryFile() as file:
            _read_back(upload, key, file)
            checked = file_check.check(upload.owner_id, file)
        with transaction.atomic():
            share_owner(upload.owner_id)
            locked = DirectUpload.objects.select_for_update().filter(pk=upload.pk).first()
            if locked is None:
                raise ImageGone("The upload was deleted.")
            if locked.image is not None:
                return locked.image
            stored = stored_objects.adopt(
                checked.fingerprint, key, within_quota=True, **checked.fields
            )
            image = images.create(
                stored, file_name=upload.file_name, description=upload.description
            )
            DirectUpload.objects.filter(pk=upload.pk).update(image=image, updated_at=Now())
        return image
    except ObjectMissing as error:
        raise ObjectChanged("The file was removed while it was checked.") from error
    except OSError as error:  # of the temporary file
        raise translate_os_error(error) from error
    finally:
        stored_objects.abandon(key)  # does nothing once the key is adopted


def _read_etag(upload: DirectUpload) -> str:
    """Return the ETag of the file that the client sent, if it has the announced size."""
    try:
        sent = direct_storage().stat(upload.key)
    except ObjectMissing as error:
        raise DirectUploadIncomplete("The file has not arrived; send it with the form.") from error
    _require_size(upload, sent.size_bytes)
    return sent.etag


def _read_back(upload: DirectUpload, key: str, file: BinaryIO) -> None:
    """Write the copy's bytes to `file`, at most as many as were announced."""
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
