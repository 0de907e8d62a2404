"""Write many rows into the large tables: without their indexes, which are built afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_FILLED = """
    'image_processor_sourceimage'::regclass, 'image_processor_transformationtask'::regclass,
    'image_processor_transformedimage'::regclass, 'image_processor_batch'::regclass,
    'webhooks_delivery'::regclass
"""
# To build an index of a full table takes a fraction of the time of a million insertions.
_INDEXES = f"""
SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid IN ({_FILLED})
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""  # noqa: S608 - contains no user input
_FOREIGN_KEYS = f"""
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid IN ({_FILLED})
"""  # noqa: S608


@contextmanager
def without_indexes(cursor: Any) -> Iterator[None]:
    """Drop the indexes and foreign keys of the large tables, and build them again at the end.

    Afterwards `search` is a plain column, which the caller fills.
    """
    cursor.execute("SET maintenance_work_mem = '256MB'")
    for table in ("sourceimage", "transformedimage"):
        cursor.execute(f"ALTER TABLE image_processor_{table} ALTER COLUMN search DROP EXPRESSION")
    cursor.execute(_FOREIGN_KEYS)
    restored = cursor.fetchall()
    cursor.execute(_INDEXES)
    restored += cursor.fetchall()
    for drop, _ in restored:
        cursor.execute(drop)
    yield
    for _, create in restored:
        cursor.execute(create)
