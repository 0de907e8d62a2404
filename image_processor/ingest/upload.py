"""Taking in a picture: checked before it is decoded, stored once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.core.files.base import File

from accounts.locks import share_owner
from image_processor.ingest import intake
from image_processor.library import file_names
from image_processor.models import SourceImage, StoredObject
from outbox import events


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
    name = (
        file_names.from_upload(file.name or "")
        if file_name is None
        else file_names.checked(file_name)
    )
    content = cast(Any, file.file)
    checked = intake.check(owner_id, content)
    if check:
        check(checked.fields["metadata"])

    def create(stored: StoredObject) -> tuple[SourceImage, int | None]:
        image, earlier = new_image(stored, file_name=name, description=description)
        if on_created:
            on_created(image.pk)
        return image, earlier

    return intake.keep(
        checked,
        partial(intake.write, checked, content),
        create,
        hold=partial(share_owner, owner_id),
    )


def new_image(stored: StoredObject, **fields: Any) -> tuple[SourceImage, int | None]:
    """(A ready image of these bytes, the id of an earlier one.) For the caller's transaction,
    with `stored` locked."""
    earlier = SourceImage.objects.filter(stored_object=stored).order_by("id").first()
    image = SourceImage.objects.create(
        owner_id=stored.owner_id, stored_object=stored, metadata=stored.metadata, **fields
    )
    events.record("image.uploaded", stored.owner_id, image=image.pk)
    return image, earlier.pk if earlier else None
