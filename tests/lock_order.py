"""A recorder of row locks that knows the order of `image_processor.library.locks`.

It reads the SQL of each transaction of this thread, in every path that a test runs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

ORDER = (
    {"accounts_user"},
    {"account_emailaddress", "image_processor_sourceimage", "webhooks_webhook"},
    {
        "image_processor_directupload",
        "image_processor_imageimport",
        "image_processor_transformationtask",
    },
    {"image_processor_storedobject"},
    {"image_processor_derivation"},
    {"image_processor_usage"},
    {"image_processor_fairshare"},
    {"webhooks_delivery"},
    {"names of results"},
    {"image_processor_batch"},
)
RANKS = {table: rank for rank, tables in enumerate(ORDER) for table in tables}

_INNERMOST = re.compile(r"\([^()]*\)")
_SELECT = re.compile(r'FROM "?(\w+)"?.*\bFOR (?:NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)\b', re.S)
_UPDATE = re.compile(r'^\s*UPDATE "?(\w+)"?')
_DELETE = re.compile(r'^\s*DELETE FROM "?(\w+)"?')
_INSERT = re.compile(r'^\s*(?:WITH .*)?INSERT INTO "?(\w+)"?', re.S)
_UPSERT = re.compile(r'INSERT INTO "?(\w+)"?.*ON CONFLICT .*DO UPDATE', re.S)


@dataclass
class LockRecorder:
    """What was locked: `violations` of the order, and the project's `functions` on the stack."""

    violations: list[str] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    _held: list[str] = field(default_factory=list)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        raw = connection.connection
        if raw is None or raw.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            self._held = []
        result = execute(sql, params, many, context)
        if context["cursor"].rowcount > 0:
            self._note(str(sql))
        return result

    def _note(self, sql: str) -> None:
        tables = locked_tables(sql)
        if tables or "FOR " in sql:
            self.functions |= _functions_on_stack()
        inserted = _INSERT.match(sql)
        if inserted and inserted[1] in OWNED and "accounts_user" not in self._held:
            self._complain(f"{inserted[1]} refers to its owner, who is not locked: {sql}")
        for table in tables:
            highest = max((RANKS[held] for held in self._held), default=-1)
            if table not in self._held and RANKS[table] < highest and "SKIP LOCKED" not in sql:
                self._complain(f"{table} is locked after {self._held}: {sql}")
            self._held.append(table)

    def _complain(self, problem: str) -> None:
        where = sorted(_functions_on_stack())
        self.violations.append(f"{problem[:400]}\n  in {where}")


# Tables whose rows refer to a user, and that several kinds of transactions write.
OWNED = {*RANKS, "outbox_event"} - {"accounts_user", "names of results"}


def locked_tables(sql: str) -> list[str]:
    """The tables whose existing rows a statement locks, in its order."""
    found: list[str] = []
    if "pg_advisory_xact_lock" in sql:
        return ["names of results"]
    if upsert := _UPSERT.search(sql):
        found.append(upsert[1])
    rest = sql
    while group := _INNERMOST.search(rest):
        if locked := _SELECT.search(group[0]):
            found.append(locked[1])
        rest = rest[: group.start()] + " " + rest[group.end() :]
    for pattern in (_SELECT, _UPDATE, _DELETE):
        if locked := pattern.search(rest):
            found.append(locked[1])
    return [table for table in found if table in RANKS]


def _functions_on_stack() -> set[str]:
    frame, found = sys._getframe(), set()
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.split(".")[0] in ROOTS:
            found.add(f"{module}:{frame.f_code.co_qualname.replace('.<locals>', '')}")
        frame = frame.f_back
    return found


ROOTS = ("accounts", "api", "image_processor", "outbox", "utils", "webhooks")


@contextmanager
def recorded_locks() -> Iterator[LockRecorder]:
    """Record the locks of this thread inside of the block."""
    recorder = LockRecorder()
    with connection.execute_wrapper(recorder):
        yield recorder
