"""Direct uploads: files that clients send to the object storage itself.

A client announces a file and receives a form that writes one random key below `incoming/`.
`direct_completion` makes an image of the file.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Now
from django.utils import timezone

from accounts.locks import lock_owner
from image_processor import configured_limits
from image_processor.engine import content_type as content_type_of
from image_processor.engine import readable_formats
from image_processor.engine.errors import FileTooLarge, UnsupportedFormat
from image_processor.library import object_keys
from image_processor.library.accounting import quotas
from image_processor.models import DirectUpload, UnclaimedObject
from image_processor.storage import file_names
from image_processor.storage.direct_uploads import (
    DirectUploadUnavailable,
    UploadForm,
    direct_storage,
)
from utils.errors import DomainError

# How long a form can be used.
LIFETIME = timedelta(hours=1)
# How long a transfer may still take after the form has expired.
SENDING = timedelta(hours=1)
# How long the row of an expired form is kept, so that clients can read its outcome.
KEPT = timedelta(days=1)
MAX_OPEN = 1_000


class TooManyDirectUploads(DomainError):
    code = "too_many_direct_uploads"
    status = 409
    title = "Too many announced files"


def content_types() -> list[str]:
    """The content types of files that can be read."""
    return sorted({content_type_of(name) for name in readable_formats()})


def announce(
    owner_id: int,
    *,
    file_name: str,
    size_bytes: int,
    content_type: str,
    description: str = "",
) -> DirectUpload:
    """Record a file that a client will send, in the caller's transaction.

    `form_of` returns the form to send it with. The quotas of bytes and of images have to have room
    for this file and for the owner's other announced files that may still arrive. Raises
    `InvalidFileName`, `DirectUploadUnavailable`, `FileTooLarge`, `UnsupportedFormat`,
    `QuotaExceeded`, `TooManyDirectUploads`.
    """
    direct_storage()
    file_names.validate(file_name)
    _require_acceptable(size_bytes, content_type)
    lock_owner(owner_id)
    _require_below_limit(owner_id)
    images, size = _expected(owner_id)
    quotas.require_room(owner_id, size + size_bytes, images=images + 1)
    key = object_keys.incoming_key()
    UnclaimedObject.objects.create(key=key, remove_after=Now() + LIFETIME + SENDING)
    return DirectUpload.objects.create(
        owner_id=owner_id,
        key=key,
        file_name=file_name,
        description=description,
        content_type=content_type,
        size_bytes=size_bytes,
        expires_at=timezone.now() + LIFETIME,
    )


def form_of(upload: DirectUpload) -> UploadForm | None:
    """The form to send the file with; None after completion or expiry, and on local storage."""
    if upload.image_id is not None or upload.expires_at <= timezone.now():
        return None
    try:
        storage = direct_storage()
    except DirectUploadUnavailable:
        return None
    return storage.sign_upload_form(
        upload.key,
        content_type=upload.content_type,
        size_bytes=upload.size_bytes,
        until=upload.expires_at,
    )


def forget_old() -> int:
    """Delete the rows of forms that expired longer ago than `KEPT`, not their images.

    Returns the number of deleted rows.
    """
    return DirectUpload.objects.filter(expires_at__lt=Now() - KEPT).delete()[0]


def _require_acceptable(size_bytes: int, content_type: str) -> None:
    limit = configured_limits.limits().max_file_bytes
    if size_bytes > limit:
        raise FileTooLarge(
            f"The file would have {size_bytes} bytes; {limit} are allowed.",
            pointer="/size_bytes",
            limit=limit,
            actual=size_bytes,
        )
    if content_type not in content_types():
        raise UnsupportedFormat(
            f"Files of type {content_type[:64]} are not supported; supported types are "
            f"{', '.join(content_types())}.",
            pointer="/content_type",
        )


def _require_below_limit(owner_id: int) -> None:
    """Refuse another open form: tiny announced files need no room, but each is a row."""
    still_open = DirectUpload.objects.filter(
        owner_id=owner_id, image=None, expires_at__gt=timezone.now()
    )
    if still_open[:MAX_OPEN].count() >= MAX_OPEN:
        raise TooManyDirectUploads(
            f"You have {MAX_OPEN:,} announced files that have not arrived yet, which is the limit. "
            "Send them, or wait until their forms expire.",
            limit=MAX_OPEN,
            actual=MAX_OPEN + 1,
        )


def _expected(owner_id: int) -> tuple[int, int]:
    """Return how many images, and how many bytes, may still arrive with the owner's forms.

    A transfer may go on after its form has expired, but its file cannot become an image any more.
    """
    pending = DirectUpload.objects.filter(
        owner_id=owner_id, image=None, expires_at__gt=Now() - SENDING
    )
    sums = pending.aggregate(
        images=Count("pk", filter=Q(expires_at__gt=Now())), size=Sum("size_bytes", default=0)
    )
    return sums["images"], sums["size"]
