"""A picture and what is wanted of it, in one request: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.base import File

from image_processor.ingest.upload import upload
from image_processor.library import quotas
from image_processor.models import SourceImage, StoredObject, TransformationTask
from image_processor.transform.submit import asked, write


def upload_and_submit(
    owner_id: int,
    file: File[Any],
    *,
    file_name: str | None = None,
    description: str = "",
    on_created: Callable[[int], None] | None = None,
    **request: Any,
) -> TransformationTask:
    """Store a picture and write a task for it, in one transaction.

    The pipeline is validated before the picture is looked at, and planned before it is kept, so
    that what is refused leaves nothing. `on_created(id)` gets the task's id. Raises what `upload`
    and `submit` raise.

    The picture's object is counted before the result's is looked for, against the order of
    `services.locks`: where the picture's is new there is no result of it that one could wait for.
    """
    wanted = asked(owner_id, **request)
    written: list[TransformationTask] = []

    def check(metadata: dict[str, Any]) -> None:
        task = wanted.task(SourceImage(owner_id=owner_id, metadata=metadata))
        stored = StoredObject.objects.filter(fingerprint=task.fingerprint)
        quotas.require_task(owner_id, runs=not stored.exists())

    def submit(image_id: int) -> None:
        image = SourceImage.objects.get(pk=image_id)
        written.append(write(wanted, image, on_created=on_created))

    upload(
        owner_id,
        file,
        file_name=file_name,
        description=description,
        check=check,
        on_created=submit,
    )
    return written[0]
