"""The requests and their times."""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from api.lists.order import ORDERS, Cursor
from benchmarks.lists.databases import NOW, Database

IMAGES, RESULTS, TASKS = "images/", "images/transformed/", "tasks/"
PATHS = (IMAGES, RESULTS, TASKS)
OLD = (NOW - timedelta(days=28)).isoformat().replace("+", "%2B")


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
    "before the 1st day of 29": f"created_before={OLD}",
    "the same, and common": f"created_before={OLD}&min_width=2000",
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
    "search, one name": "search=img_0000101",
    "search, the end of a name": "search=00101.jpg",
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
    "before the 1st day of 29": f"created_before={OLD}",
    "the same, 5 rows": f"created_before={OLD}&status=FAILED",
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

    The ratio is the median of the ratios of two requests in a row, so that the load of the machine
    matters less. The pages of the database that the queries touch do not depend on it at all.
    """
    logging.disable()
    print(f"\n{'':46}{few.title:>15}{many.title:>15}   ratio; in queries; queries, rows, pages")
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
        self.query_seconds = 0.0
        self.statements: list[str] = []
        with connection.execute_wrapper(self._execute):
            start = time.perf_counter()
            answer = client.get(path, **headers)
            self.seconds = time.perf_counter() - start
        assert answer.status_code == (304 if known else 200), answer.content
        shown = json.loads(answer.content) if answer.content else {}
        self.rows = len(shown.get("results", ())) if isinstance(shown, dict) else len(shown)

    def _execute(self, execute: Callable[..., Any], sql: str, values: Any, *rest: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, values, *rest)
        finally:
            self.query_seconds += time.perf_counter() - start
            with connection.connection.cursor() as cursor:
                self.statements.append(cursor.mogrify(sql, values).decode())


def _print(
    name: str, few: Database, many: Database, path: str, times: int, *, known: bool = False
) -> None:
    pairs = [
        [_Answer(database, path, known=known) for database in (few, many)] for _ in range(times + 2)
    ][2:]  # the first ones fill caches
    small, large = (statistics.median(pair[i].seconds * 1000 for pair in pairs) for i in (0, 1))
    ratio = statistics.median(after.seconds / before.seconds for before, after in pairs)
    in_queries = [statistics.median(pair[i].query_seconds * 1000 for pair in pairs) for i in (0, 1)]
    last = pairs[-1]
    pages = []
    for database, answer in zip((few, many), last, strict=True):
        database.use()
        pages.append(sum(_pages_of(statement) for statement in answer.statements))
    print(
        f"{name:46}{small:12.2f} ms{large:12.2f} ms{ratio:8.2f}; "
        f"{in_queries[0]:6.2f} {in_queries[1]:6.2f}; {len(last[1].statements)}, "
        f"{last[0].rows} {last[1].rows}, {pages[0]} {pages[1]}",
        flush=True,
    )


def _pages_of(query: str) -> int:
    """Run a query again, and return how many pages it touches, in memory or not."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + query)
        [[plan]] = cursor.fetchone()
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])
