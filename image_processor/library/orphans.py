"""Comparison of the storage with the database: objects without a row, rows without an object.

The service itself leaves neither behind, because it writes a row before each object. Operators
run the comparison after a restored backup, a lost disk or a manual mistake. Memory holds one page
of objects and one page of rows at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from django.utils import timezone

from image_processor.library import object_keys
from image_processor.models import StoredObject, UnclaimedObject
from image_processor.storage import ListedObject, object_storage

PAGE = 1_000


class Orphan(NamedTuple):
    """An object in the storage without a row."""

    key: str
    size_bytes: int
    age: timedelta


class Missing(NamedTuple):
    """A `StoredObject` whose object is missing in the storage."""

    key: str
    size_bytes: int
    owner_id: int


# In byte order, like listings of a storage. These operators use the index that Django creates for
# unique texts.
_RANGE = """
SELECT * FROM image_processor_storedobject
WHERE key ~>~ %s AND key ~<=~ %s ORDER BY key USING ~<~ LIMIT %s
"""


def survey(older_than: timedelta) -> Iterator[Orphan | Missing]:
    """Find every orphan of at least this age, and every missing object.

    `older_than` is at least `stored_objects.WRITE_TIME`. Raises `StorageUnavailable`.
    """
    for prefix in object_keys.PREFIXES:
        last_key = prefix
        for page in _pages(object_storage().list_objects(prefix)):
            yield from _orphans(page, older_than)
            yield from _missing({item.key for item in page}, after=last_key, upto=page[-1].key)
            last_key = page[-1].key
        yield from _missing(set(), after=last_key, upto=f"{prefix[:-1]}0")  # "0" follows "/"


def remove(orphan: Orphan) -> None:
    """Remove an orphan for good. Raises `StorageUnavailable`."""
    object_storage().delete(orphan.key)


def _orphans(page: list[ListedObject], older_than: timedelta) -> Iterator[Orphan]:
    page_keys = [item.key for item in page]
    # One query for both tables, because keys move from one to the other.
    stored = StoredObject.objects.filter(key__in=page_keys).values_list("key")
    known = set(stored.union(UnclaimedObject.objects.filter(key__in=page_keys).values_list("key")))
    now = timezone.now()
    for item in page:
        age = now - item.modified_at
        if (item.key,) not in known and age >= older_than:
            yield Orphan(item.key, item.size_bytes, age)


def _missing(listed: set[str], *, after: str, upto: str) -> Iterator[Missing]:
    """Find the stored objects between two keys that were not listed and do not exist."""
    while True:
        rows = list(StoredObject.objects.raw(_RANGE, [after, upto, PAGE]))
        for row in rows:
            if row.key in listed or object_storage().has(row.key):
                continue
            if StoredObject.objects.filter(pk=row.pk).exists():  # not deleted meanwhile
                yield Missing(row.key, row.size_bytes, row.owner_id)
        if len(rows) < PAGE:
            return
        after = rows[-1].key


def _pages(objects: Iterator[ListedObject]) -> Iterator[list[ListedObject]]:
    while page := list(islice(objects, PAGE)):
        yield page
