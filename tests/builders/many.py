"""Rows without files, for tests that need many rows or only metadata."""

from __future__ import annotations

import itertools
from typing import Any

from image_processor.engine.writing.options import Output
from image_processor.models import SourceImage, StoredObject, TransformationTask, TransformedImage

_numbers = itertools.count()


def _stored(owner: Any) -> StoredObject:
    name = f"many{next(_numbers)}"
    return StoredObject.objects.create(owner=owner, fingerprint=name, key=name, size_bytes=1)


def image(owner: Any, name: str = "x.jpg", **fields: Any) -> SourceImage:
    """Create an image; `format`, `width` and `height` go into its metadata."""
    facts = {"format": "JPEG", "width": 10, "height": 10}
    metadata = {key: fields.pop(key, value) for key, value in facts.items()}
    return SourceImage.objects.create(
        owner=owner, stored_object=_stored(owner), file_name=name, metadata=metadata, **fields
    )


def task(source: SourceImage, status: str = "SUCCESS", **fields: Any) -> TransformationTask:
    """Create a task that no worker will claim."""
    return TransformationTask.objects.create(
        owner_id=source.owner_id,
        original_image=source,
        status=status,
        available_at=None,
        queue="light",
        transformations=fields.pop("transformations", [{"operation": "flip"}]),
        pipeline={"steps": [], "output": Output().model_dump(mode="json")},
        format="PNG",
        **fields,
    )


def result(source: SourceImage, name: str = "x.png", **fields: Any) -> TransformedImage:
    """Create a result and its task."""
    facts = {"format": "PNG", "width": 10, "height": 10}
    metadata = {key: fields.pop(key, value) for key, value in facts.items()}
    return TransformedImage.objects.create(
        owner_id=source.owner_id,
        source_image=source,
        transformation_task=task(source),
        stored_object=_stored(source.owner),
        file_name=name,
        metadata=metadata,
        **fields,
    )
