"""The requests and their times."""

from __future__ import annotations

import logging
import statistics
import time
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from benchmarks.lists.databases import FIRST, NOW, Database

IMAGES, RESULTS, TASKS = "images/", "images/transformed/", "tasks/"
OLD = (NOW - timedelta(days=28)).isoformat().replace("+", "%2B")

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
RESULT_REQUESTS = {"of one image": f"source_image={FIRST + 1}"}
TASK_REQUESTS = {
    "all": "",
    "status, common": "status=SUCCESS",
    "status, 5 rows": "status=FAILED",
    "status, none": "status=PENDING",
    "of one image": f"original_image={FIRST + 1}",
    "before the 1st day of 29": f"created_before={OLD}",
    "the same, 5 rows": f"created_before={OLD}&status=FAILED",
    "100 ids": "ids=" + ",".join(str(FIRST + 1 + n) for n in range(100)),
}
OTHER_LISTS = (
    f"images/{FIRST + 1}/tasks/",
    "batches/",
    "presets/",
    "webhooks/",
    "webhooks/1/deliveries/",
    "auth/api-keys/",
    "usage/",
)
LISTS = {
    IMAGES: REQUESTS | IMAGE_REQUESTS,
    RESULTS: REQUESTS | RESULT_REQUESTS,
    TASKS: TASK_REQUESTS,
}


def compare(few: Database, many: Database, times: int) -> None:
    """Print the median of each request with few and with many rows, and their ratio.

    The ratio is the median of the ratios of two requests in a row, so that the load of the machine
    matters less. The pages of the database that the queries touch do not depend on it at all.
    """
    logging.disable()
    print(f"\n{'':46}{few.title:>12}{many.title:>12}   ratio, queries, pages")
    for path, requests in LISTS.items():
        for name, query in requests.items():
            _print(f"{path} {name}", few, many, f"{path}?{query}", times)
    for path in OTHER_LISTS:
        _print(path, few, many, path, times)
    polled = "tasks/?" + TASK_REQUESTS["100 ids"]
    _print("tasks/ 100 ids, nothing new: 304", few, many, polled, times, known=True)
    _print("stats/ not from the cache", few, many, "stats/", max(times // 10, 3))


def _print(
    name: str, few: Database, many: Database, path: str, times: int, *, known: bool = False
) -> None:
    milliseconds: dict[str, list[float]] = {few.title: [], many.title: []}
    queries = 0
    pages: dict[str, int] = {}
    for number in range(times + 2):
        for database in (few, many):
            database.use()
            client = APIClient(SERVER_NAME="localhost")
            client.force_authenticate(database.owner)
            headers = {}
            if known:
                headers["HTTP_IF_NONE_MATCH"] = client.get(f"/api/v1/{path}")["ETag"]
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                start = time.perf_counter()
                answer = client.get(f"/api/v1/{path}", **headers)
                seconds = time.perf_counter() - start
            assert answer.status_code == (304 if known else 200), answer.content
            queries = max(queries, len(captured))
            if number == 1:
                pages[database.title] = sum(_pages_of(query["sql"]) for query in captured)
            if number > 1:  # the first ones fill caches
                milliseconds[database.title].append(seconds * 1000)
    touched = " ".join(f"{count:6}" for count in pages.values())
    small, large = (statistics.median(values) for values in milliseconds.values())
    pairs = zip(milliseconds[few.title], milliseconds[many.title], strict=True)
    ratio = statistics.median(after / before for before, after in pairs)
    print(f"{name:46}{small:9.2f} ms{large:9.2f} ms{ratio:8.2f}{queries:6}   {touched}", flush=True)


def _pages_of(query: str) -> int:
    """Run a query again, and return how many pages it touches, in memory or not."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + query)
        [[plan]] = cursor.fetchone()
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])
