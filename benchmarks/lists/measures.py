"""The requests, and what they take."""

from __future__ import annotations

import logging
import statistics
import time
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from benchmarks.lists.filling import FIRST, NOW, Filled

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
    "search, as typed": "search=holi",
    "search, every name": "search=img",
    "search, 1 in 300": "search=upon",
    "search, 5 rows": "search=unicorn",
    "search, 5 rows and half": "search=unicorn holiday",
    "search, one name": "search=img_0000101",
    "search, nothing": "search=nowhere",
    "search, the oldest tenth": "search=ago",
}
OF_IMAGES = {"tag, common": "tag=t1", "tag, 5 rows": "tag=rare one"}
OF_RESULTS = {"of one image": f"source_image={FIRST + 1}"}
OF_TASKS = {
    "all": "",
    "status, common": "status=SUCCESS",
    "status, 5 rows": "status=FAILED",
    "status, none": "status=PENDING",
    "of one image": f"original_image={FIRST + 1}",
    "before the 1st day of 29": f"created_before={OLD}",
    "the same, 5 rows": f"created_before={OLD}&status=FAILED",
    "100 ids": "ids=" + ",".join(str(FIRST + 1 + n) for n in range(100)),
}
LISTS = {
    IMAGES: REQUESTS | OF_IMAGES,
    RESULTS: REQUESTS | OF_RESULTS,
    TASKS: OF_TASKS,
}


def compare(few: Filled, many: Filled, times: int) -> None:
    """Print the median of each request with few and with many rows, and their ratio."""
    logging.disable()
    print(f"\n{'':46}{few.rows:>12,}{many.rows:>12,}   ratio, queries")
    for path, requests in LISTS.items():
        for what, query in requests.items():
            _print(f"{path} {what}", few, many, f"{path}?{query}", times)
    polled = "tasks/?" + OF_TASKS["100 ids"]
    _print("tasks/ 100 ids, nothing new: 304", few, many, polled, times, known=True)
    _print("stats/ not from the cache", few, many, "stats/", max(times // 10, 3))


def _print(
    what: str, few: Filled, many: Filled, path: str, times: int, *, known: bool = False
) -> None:
    taken: dict[int, list[float]] = {few.rows: [], many.rows: []}
    queries = 0
    for number in range(times + 2):
        for filled in (few, many):
            filled.use()
            client = APIClient(SERVER_NAME="localhost")
            client.force_authenticate(filled.owner)
            headers = {}
            if known:
                headers["HTTP_IF_NONE_MATCH"] = client.get(f"/api/v1/{path}")["ETag"]
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                start = time.perf_counter()
                answer = client.get(f"/api/v1/{path}", **headers)
                seconds = time.perf_counter() - start
            assert answer.status_code == (304 if known else 200), answer.content
            queries = max(queries, len(asked))
            if number > 1:  # the first ones fill caches
                taken[filled.rows].append(seconds * 1000)
    small, large = (statistics.median(values) for values in taken.values())
    print(f"{what:46}{small:9.2f} ms{large:9.2f} ms{large / small:8.2f}{queries:6}", flush=True)
