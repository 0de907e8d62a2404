"""The requests and their times."""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from api.lists.order import ORDERS, Cursor
from benchmarks.lists.databases import NOW, Database

IMAGES, RESULTS, TASKS = "images/", "images/transformed/", "tasks/"
PATHS = (IMAGES, RESULTS, TASKS)


def _cursor(order: str) -> str:
    """The cursor of a page in the middle of the 29 days."""
    middle = NOW - timedelta(days=14.5)
    return quote(Cursor([middle, 0]).encode(ORDERS[order]))


REQUESTS = {
    "all": "",
    "format, common": "format=jpeg",
    "format, 5 rows": "format=tiff",
    "width, common": "min_width=2000",
    "width, 5 rows": "min_width=9000",
    "before the 1st day of 29": "created_before={old}",
    "the same, and common": "created_before={old}&min_width=1000",
    "by name": "ordering=name",
    "by time, and common": "ordering=created&format=jpeg",
    "search, half of all": "search=holiday",
    "search, the beginning of a word": "search=holi",
    "search, the end of a word": "search=liday",
    "search, one letter": "search=o",
    "search, every name": "search=img",
    "search, 1 in 300": "search=upon",
    "search, 5 rows": "search=unicorn",
    "search, 5 rows, inside a word": "search=icor",
    "search, 5 rows, 2 letters": "search=写真",
    "search, 5 rows and half": "search=unicorn holiday",
    "search, 5 rows and one letter": "search=unicorn o",
    "search, one name": "search={name}",
    "search, the end of a name": "search={name_end}",
    "search, nothing": "search=nowhere",
    "search, the oldest tenth": "search=ago",
}
IMAGE_REQUESTS = {"tag, common": "tag=t1", "tag, 5 rows": "tag=rare one"}
RESULT_REQUESTS = {"of one image": "source_image={image}"}
TASK_REQUESTS = {
    "all": "",
    "status, common": "status=SUCCESS",
    "status, 5 rows": "status=FAILED",
    "status, none": "status=PENDING",
    "of one image": "original_image={image}",
    "before the 1st day of 29": "created_before={old}",
    "the same, 5 rows": "created_before={old}&status=FAILED",
    "100 ids": "ids={ids}",
}
OTHER_LISTS = (
    "images/{image}/tasks/",
    "batches/",
    "presets/",
    "webhooks/",
    "webhooks/{webhook}/deliveries/",
    "auth/api-keys/",
    "usage/",
    "images/?page_size=100",
    "tasks/?page_size=100",
    "images/transformed/?page_size=100",
    "images/{image}/",
    "images/status/{image}/",
    "tasks/{task}/",
    *(f"{path}?cursor={_cursor(name)}" for path in PATHS for name in ("-created",)),
)
LISTS = {
    IMAGES: REQUESTS | IMAGE_REQUESTS,
    RESULTS: REQUESTS | RESULT_REQUESTS,
    TASKS: TASK_REQUESTS,
}


def compare(few: Database, many: Database, times: int, only: str = "") -> None:
    """Print the median of each request with few and with many rows, and their ratio.

    A ratio is the median of the ratios of two requests in a row, so that the load of the machine
    matters less. Processor time is that of this process and of PostgreSQL's, which must run on this
    machine. The pages of the database that the queries touch do not depend on the load at all.
    """
    logging.disable()
    print(
        f"\n{'':46}{few.title:>15}{many.title:>15}   ratio; processor ms, ratio; in PostgreSQL; "
        "queries; rows; pages"
    )
    for name, path, count, known in _requests(times):
        if only in name:
            _print(name, few, many, path, count, known=known)


def _requests(times: int) -> Iterator[tuple[str, str, int, bool]]:
    for path, requests in LISTS.items():
        for name, query in requests.items():
            yield f"{path} {name}", f"{path}?{query}", times, False
    for path in OTHER_LISTS:
        yield path.split("=ey")[0][:45].split("cursor")[0], path, times, False
    yield "tasks/ 100 ids, nothing new: 304", "tasks/?" + TASK_REQUESTS["100 ids"], times, True
    yield "stats/ not from the cache", "stats/", times, False


class _Answer:
    """One request, and what it took."""

    def __init__(self, database: Database, path: str, *, known: bool) -> None:
        database.use()
        path = "/api/v1/" + database.fill_in(path)
        client = APIClient(SERVER_NAME="localhost")
        client.force_authenticate(database.owner)
        headers = {"HTTP_IF_NONE_MATCH": client.get(path)["ETag"]} if known else {}
        cache.clear()
        self.statements: list[tuple[str, Any]] = []
        with connection.execute_wrapper(self._execute):
            start, own, postgres = time.perf_counter(), time.process_time(), _postgres_seconds()
            answer = client.get(path, **headers)
            self.postgres_seconds = _postgres_seconds() - postgres
            self.processor_seconds = time.process_time() - own + self.postgres_seconds
            self.seconds = time.perf_counter() - start
        assert answer.status_code == (304 if known else 200), answer.content
        shown = json.loads(answer.content) if answer.content else {}
        self.rows = len(shown.get("results", ())) if isinstance(shown, dict) else len(shown)

    def _execute(self, execute: Callable[..., Any], sql: str, values: Any, *rest: Any) -> Any:
        self.statements.append((sql, values))
        return execute(sql, values, *rest)


def _postgres_seconds() -> float:
    """The processor time that the connection's process has used."""
    process = connection.connection.info.backend_pid
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _print(
    name: str, few: Database, many: Database, path: str, times: int, *, known: bool = False
) -> None:
    pairs = [
        [_Answer(database, path, known=known) for database in (few, many)] for _ in range(times + 2)
    ][2:]  # the first ones fill caches
    figures = {}
    for kind in ("seconds", "processor_seconds", "postgres_seconds"):
        values = [[getattr(answer, kind) for answer in pair] for pair in pairs]
        medians = [1000 * statistics.median(pair[side] for pair in values) for side in (0, 1)]
        figures[kind] = (*medians, statistics.median(after / before for before, after in values))
    small, large, ratio = figures["seconds"]
    processor, postgres = figures["processor_seconds"], figures["postgres_seconds"]
    last = pairs[-1]
    pages = []
    for database, answer in zip((few, many), last, strict=True):
        database.use()
        pages.append(sum(_pages_of(*statement) for statement in answer.statements))
    print(
        f"{name:46}{small:12.2f} ms{large:12.2f} ms{ratio:8.2f}; "
        f"{processor[0]:6.2f} {processor[1]:6.2f} {processor[2]:6.2f}; "
        f"{postgres[0]:6.2f} {postgres[1]:6.2f}; "
        f"{len(last[0].statements)} {len(last[1].statements)}; "
        f"{last[0].rows} {last[1].rows}; {pages[0]} {pages[1]}",
        flush=True,
    )


def _pages_of(query: str, values: Any) -> int:
    """Run a query again, and return how many pages it touches, in memory or not."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + query, values)
        [[plan]] = cursor.fetchone()
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])
