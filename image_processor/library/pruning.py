"""Comparing the storage with the rows: objects that no row knows, rows whose object is missing.

The service itself never needs this: a row knows of every object before it is written. It is the
operator's check after a restored backup, a lost disk, or a mistake by hand. Memory holds one page
of objects and one page of rows, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple, TypeVar

from django.utils import timezone

from image_processor.library import objects
from image_processor.models import StoredObject, UnclaimedObject
from image_processor.storage import Listed, object_storage

PAGE = 1_000

Item = TypeVar("Item")


class Orphan(NamedTuple):
    """An object that no row knows."""

    key: str
    size_bytes: int
    age: timedelta


class Missing(NamedTuple):
    """A stored object whose bytes are not there."""

    key: str
    size_bytes: int
    owner_id: int


# Bytewise, as storages list: the operators of the index that Django makes for a unique text.
_RANGE = """
SELECT * FROM image_processor_storedobject
WHERE key ~>~ %s AND key ~<=~ %s ORDER BY key USING ~<~ LIMIT %s
"""


def survey(older_than: timedelta) -> Iterator[Orphan | Missing]:
    """Every orphan of at least that age, and everything that is missing.

    `older_than` is at least `objects.WRITE_TIME`. Raises `StorageUnavailable`.
    """
    for prefix in objects.PREFIXES:
        seen = prefix
        for page in _paged(object_storage().listed(prefix), PAGE):
            yield from _orphans(page, older_than)
            yield from _missing({item.key for item in page}, after=seen, upto=page[-1].key)
            seen = page[-1].key
        yield from _missing(set(), after=seen, upto=prefix.replace("/", "0"))  # 0 comes next


def remove(orphan: Orphan) -> None:
    """Remove an orphan for good. Raises `StorageUnavailable`."""
    object_storage().delete(orphan.key)


def _orphans(page: list[Listed], older_than: timedelta) -> Iterator[Orphan]:
    keys = [item.key for item in page]
    # One question, since keys move from the one table to the other.
    stored = StoredObject.objects.filter(key__in=keys).values_list("key")
    known = set(stored.union(UnclaimedObject.objects.filter(key__in=keys).values_list("key")))
    now = timezone.now()
    for item in page:
        age = now - item.modified_at
        if (item.key,) not in known and age >= older_than:
            yield Orphan(item.key, item.size_bytes, age)


def _missing(listed: set[str], *, after: str, upto: str) -> Iterator[Missing]:
    """Stored objects between two keys that were not listed, and really are not there."""
    while True:
        rows = list(StoredObject.objects.raw(_RANGE, [after, upto, PAGE]))
        for row in rows:
            if row.key in listed or object_storage().has(row.key):
                continue
            if StoredObject.objects.filter(pk=row.pk).exists():  # not deleted in the meantime
                yield Missing(row.key, row.size_bytes, row.owner_id)
        if len(rows) < PAGE:
            return
        after = rows[-1].key


def _paged(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while page := list(islice(rest, size)):
        yield page
