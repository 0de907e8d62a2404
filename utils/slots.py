"""A limit on how much one process does at a time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class NoFreeSlot(Exception):
    """All slots are in use. `limit` is their number in the process, or per owner if `of_owner`."""

    def __init__(self, limit: int, *, of_owner: bool) -> None:
        super().__init__(f"All {limit} slots are in use.")
        self.limit = limit
        self.of_owner = of_owner


class Slots:
    """At most `limit` slots in use at a time in this process, at most `per_owner` by one owner.

    With `shared`, all slots of one owner count as one.

    Nobody waits for a slot: `take` fails at once if none is free. So slow work never uses up all
    threads of the process.
    """

    def __init__(self, limit: int, per_owner: int | None = None, *, shared: bool = False) -> None:
        self.limit = limit
        self.per_owner = per_owner
        self.shared = shared
        self._lock = threading.Lock()
        self._in_use: Counter[Hashable] = Counter()

    @property
    def in_use(self) -> int:
        """How many slots are in use now."""
        with self._lock:
            return self._count()

    def take(self, owner: Hashable = 0) -> None:
        """Take a slot, which `release` gives back. Raises `NoFreeSlot`."""
        with self._lock:
            if self.per_owner is not None and self._in_use[owner] >= self.per_owner:
                raise NoFreeSlot(self.per_owner, of_owner=True)
            if self._count() >= self.limit and not (self.shared and owner in self._in_use):
                raise NoFreeSlot(self.limit, of_owner=False)
            self._in_use[owner] += 1

    def release(self, owner: Hashable = 0) -> None:
        """Give back a slot that the owner has taken."""
        with self._lock:
            self._in_use[owner] -= 1
            self._in_use += Counter()  # drops owners without a slot

    @contextmanager
    def hold(self, owner: Hashable = 0) -> Iterator[bool]:
        """Hold a slot inside the block. Yields False if none is free."""
        try:
            self.take(owner)
        except NoFreeSlot:
            yield False
            return
        try:
            yield True
        finally:
            self.release(owner)

    def _count(self) -> int:
        return len(self._in_use) if self.shared else self._in_use.total()
