"""Writing the row of a stored object whose bytes were written before: one statement."""

from __future__ import annotations

import json

from django.db import connection

from image_processor.models import StoredObject
from image_processor.storage.errors import StorageUnavailable

# Waits for a transaction that inserts the same fingerprint, and for a sweep that is removing the
# written object. Each task runs this twice, and Django would send eight statements for both.
_INSERT = """
WITH new AS (
    INSERT INTO image_processor_storedobject (
        owner_id, fingerprint, key, size_bytes, content_type, metadata, warnings, derived,
        thumbnail_id, to_derive, created_at
    ) VALUES (
        %(owner_id)s, %(fingerprint)s, %(key)s, %(size_bytes)s, %(content_type)s,
        %(metadata)s::jsonb, %(warnings)s::jsonb, %(derived)s,
        %(thumbnail_id)s, %(to_derive)s, now()
    )
    ON CONFLICT (fingerprint) DO NOTHING
    RETURNING id, key, created_at
), claimed AS (
    DELETE FROM image_processor_unclaimedobject AS unclaimed USING new
    WHERE unclaimed.key = new.key RETURNING unclaimed.key
)
SELECT new.id, new.created_at, EXISTS (SELECT FROM claimed) FROM new
"""


def insert(new: StoredObject) -> bool:
    """Insert an unsaved object and claim its key; False if its fingerprint has an object already.

    Raises `StorageUnavailable` if the key is not unclaimed any more: the object was removed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "owner_id": new.owner_id,
                "fingerprint": new.fingerprint,
                "key": new.key,
                "size_bytes": new.size_bytes,
                "content_type": new.content_type,
                "metadata": json.dumps(new.metadata),
                "warnings": json.dumps(new.warnings),
                "derived": new.derived,
                "thumbnail_id": new.thumbnail_id,
                "to_derive": new.to_derive,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return False
    new.pk, new.created_at, claimed = row
    new._state.adding = False
    if not claimed:
        raise StorageUnavailable("Storing took so long that the object was removed again.")
    return True
