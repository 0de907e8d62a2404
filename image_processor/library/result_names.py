"""The file names of results: unique among the results of their image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from django.db import connection

from image_processor.engine import extension
from image_processor.models import TransformedImage
from image_processor.storage.file_names import MAX_LENGTH

# First key of the PostgreSQL advisory locks: "res". They come after the locks of `library.locks`,
# and before that of a batch.
_LOCK_SPACE = 0x726573

_LOCK = """
SELECT pg_advisory_xact_lock(%s, hashtext(id::text))
FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id ORDER BY 1) AS images
"""
_TAKEN = """
SELECT source_image_id, file_name
FROM image_processor_transformedimage
JOIN (SELECT DISTINCT unnest(%s::bigint[]) AS id, unnest(%s::text[]) AS stem) AS wanted
ON source_image_id = wanted.id AND starts_with(lower(file_name), lower(wanted.stem))
"""


def choose_names(results: Sequence[TransformedImage]) -> None:
    """Set the `file_name` of unsaved results: `photo-800x600.webp`, then `photo-800x600-2.webp`.

    The name says the source and the size. Until the caller's transaction ends, other transactions
    wait to name results of these images. Two queries, however many results there are.
    """
    if not results:
        return
    image_ids = [result.source_image_id for result in results]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_LOCK_SPACE, image_ids])
        cursor.execute(_TAKEN, [image_ids, [_stem(result) for result in results]])
        taken = {(image_id, name.casefold()) for image_id, name in cursor.fetchall()}
    for result in results:
        stem, suffix = _stem(result), f".{extension(result.metadata['format'])}"
        name, number = stem + suffix, 1
        while (result.source_image_id, name.casefold()) in taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        taken.add((result.source_image_id, name.casefold()))
        result.file_name = name


def _stem(result: TransformedImage) -> str:
    """The stem of the source's name with the size, short enough for a number and an extension."""
    size = f"-{result.metadata['width']}x{result.metadata['height']}"
    room = MAX_LENGTH - len(size) - len("-1000000.jpeg")
    return PurePosixPath(result.source_image.file_name).stem[:room] + size
