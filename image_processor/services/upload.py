"""Taking in a picture: checked before it is decoded, stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.base import File
from django.db import transaction

from image_processor import conf, events
from image_processor.engine import content_type, extension, inspect
from image_processor.models import SourceImage, StoredObject
from image_processor.services import names, objects, quotas
from image_processor.services.locks import share_owner


def upload(
    owner_id: int,
    file: File[Any],
    *,
    file_name: str | None = None,
    description: str = "",
    check: Callable[[dict[str, Any]], None] | None = None,
    on_created: Callable[[int], None] | None = None,
) -> tuple[SourceImage, int | None]:
    """Store a picture: (the new image, the id of an earlier image with the same bytes).

    `check` may refuse, by raising, an image with such `metadata` before anything of it is kept.
    `on_created(id)` is called in the transaction that creates it. Raises what `engine.inspect`
    raises, `InvalidFileName`, `QuotaExceeded`, `StorageUnavailable` and `StorageFull`; then no
    row and no object stays.
    """
    name = names.from_upload(file.name or "") if file_name is None else names.checked(file_name)
    file.seek(0)
    assert file.file is not None
    facts = inspect(file.file, conf.limits())  # type: ignore[arg-type]
    file.seek(0)
    sha256 = hashlib.file_digest(file.file, "sha256").hexdigest()  # type: ignore[arg-type]
    fields: dict[str, Any] = {
        "owner_id": owner_id,
        "size_bytes": facts.size_bytes,
        "content_type": content_type(facts.format),
        "metadata": {
            **facts.to_dict(),
            "sha256": sha256,
            "dominant_colors": None,
            "thumbhash": None,
        },
    }
    if check:
        check(fields["metadata"])
    fingerprint = objects.upload_fingerprint(owner_id, sha256)

    def create(stored: StoredObject) -> tuple[SourceImage, int | None]:
        earlier = SourceImage.objects.filter(stored_object=stored).order_by("id").first()
        image = SourceImage.objects.create(
            owner_id=owner_id,
            stored_object=stored,
            file_name=name,
            description=description,
            metadata=stored.metadata,
        )
        events.record("image.uploaded", owner_id, image=image.pk)
        if on_created:
            on_created(image.pk)
        return image, earlier.pk if earlier else None

    if StoredObject.objects.filter(fingerprint=fingerprint).exists():
        with transaction.atomic():
            share_owner(owner_id)
            known = objects.lock(fingerprint)
            if known is not None:
                return create(known)
    quotas.require_room(owner_id, facts.size_bytes)  # before the bytes travel
    key = objects.upload_key(extension(facts.format))
    objects.write(key, file, fields["content_type"])
    try:
        with transaction.atomic():
            share_owner(owner_id)
            return create(objects.adopt(fingerprint, key, within_quota=True, **fields))
    except quotas.QuotaExceeded:
        objects.abandon(key)
        raise
