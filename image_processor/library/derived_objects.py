"""The stored objects of derived pictures: thumbnails and proxies."""

from __future__ import annotations

import hashlib
import uuid

from image_processor.engine import content_type, extension
from image_processor.engine.derived import DerivedFile
from image_processor.library import object_keys
from image_processor.library.stored_objects import NewObject


def describe(
    kind: str, made: DerivedFile, *, of: str, owner_id: int, lease_token: uuid.UUID
) -> NewObject:
    """Describe the object of a derived picture (`kind` is thumbnail or proxy) to write and adopt.

    `of` is the fingerprint of the picture that it was derived from.
    """
    fingerprint = object_keys.derived_fingerprint(of, kind)
    return NewObject(
        fingerprint=fingerprint,
        key=object_keys.derived_key(fingerprint, lease_token, extension(made.format)),
        data=made.data,
        content_type=content_type(made.format),
        fields={
            "owner_id": owner_id,
            "derived": True,
            "metadata": {
                "format": made.format,
                "width": made.width,
                "height": made.height,
                "mode": made.mode,
                "has_alpha": made.has_alpha,
                "size_bytes": len(made.data),
                "sha256": hashlib.sha256(made.data).hexdigest(),
            },
        },
    )
