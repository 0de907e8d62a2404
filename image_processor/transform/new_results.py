"""A result that was just rendered: the objects to write, and the row that refers to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from image_processor.engine import Facts, Rendered, content_type, extension
from image_processor.engine.derived import is_thumbnail, thumbnail_of
from image_processor.library import derived_objects, object_keys
from image_processor.library.stored_objects import NewObject
from image_processor.models import StoredObject, TransformationTask


@dataclass(frozen=True, slots=True)
class NewResult:
    """The object of a result, that of its thumbnail if it needs one, and facts of the render."""

    result: NewObject
    warnings: list[dict[str, Any]]
    quality: int | None
    thumbnail: NewObject | None

    @property
    def objects(self) -> list[NewObject]:
        """The objects to write before `adopt`."""
        return [self.result, *filter(None, [self.thumbnail])]

    def adopt(self) -> StoredObject:
        """Write the rows of the objects, in the transaction that ends the task.

        Returns the row of the result, or that of an equal one which was stored meanwhile.
        """
        thumbnail = self.thumbnail.adopt() if self.thumbnail else None
        return self.result.adopt(thumbnail=thumbnail)


def new_result(task: TransformationTask, fingerprint: str, rendered: Rendered) -> NewResult:
    """Describe what a task stores. Derives the thumbnail from the pixels of the render."""
    assert task.lease_token is not None
    metadata = _metadata(rendered)
    result = NewObject(
        fingerprint,
        key=object_keys.result_key(fingerprint, task.lease_token, extension(rendered.format)),
        data=rendered.data,
        content_type=content_type(rendered.format),
        fields={
            "owner_id": task.owner_id,
            "warnings": rendered.warnings,
            "metadata": metadata,
        },
    )
    if is_thumbnail(Facts.from_dict(metadata)):
        return NewResult(result, rendered.warnings, rendered.quality, None)
    thumbnail = derived_objects.describe(
        "thumbnail",
        thumbnail_of(rendered),
        of=fingerprint,
        owner_id=task.owner_id,
        lease_token=task.lease_token,
    )
    return NewResult(result, rendered.warnings, rendered.quality, thumbnail)


def _metadata(rendered: Rendered) -> dict[str, Any]:
    return {
        "format": rendered.format,
        "width": rendered.width,
        "height": rendered.height,
        "mode": rendered.mode,
        "frames": rendered.frames,
        "has_alpha": rendered.has_alpha,
        "quality": rendered.quality,
        "size_bytes": len(rendered.data),
        "sha256": hashlib.sha256(rendered.data).hexdigest(),
    }
