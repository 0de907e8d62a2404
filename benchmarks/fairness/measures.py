"""The figures, one function each; every one starts from empty tables and prints what it saw."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta

import psycopg2
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from benchmarks.fairness import filling
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import fair, transitions
from image_processor.jobs.claim import claim
from image_processor.library import quotas
from image_processor.models import SourceImage, TransformationTask


def take() -> TransformationTask | None:
    """What a free worker takes."""
    return claim(TransformationTask, "light", release=ENGINE_RELEASE)


# How many tasks two workers end between two looks of the scheduler, about.
A_ROUND = 250


def work(count: int) -> list[float]:
    """Claim and end so many tasks; how long each claim took, in ms."""
    times = []
    for number in range(count):
        if number % A_ROUND == 0:
            fair.raise_floors()
        start = time.perf_counter()
        task = take()
        times.append((time.perf_counter() - start) * 1000)
        if task is not None:
            transitions.finish(task)
    return times


def ask(image: SourceImage) -> TransformationTask:
    """One more task, placed as `services.submit` places it."""
    with transaction.atomic():
        return TransformationTask.objects.create(
            owner_id=image.owner_id,
            original_image=image,
            queue="light",
            position=fair.place("light", image.owner_id, 1.0),
            engine_release=ENGINE_RELEASE,
            transformations=[],
            pipeline={},
            format="PNG",
        )


def pages() -> int:
    """How many pages of the database one claim looks at: what time depends on, without noise."""
    with CaptureQueriesContext(connection) as asked:
        take()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + asked.captured_queries[0]["sql"]
        )
        plan = cursor.fetchone()[0][0]["Plan"]
        transaction.set_rollback(True)
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def shown_claims(what: str, count: int = 500) -> float:
    """Claim and end so many, print what a claim took; the median in ms."""
    times = work(count)
    shown(f"{what} ({pages()} pages)", times)
    return statistics.median(times)


def shown(what: str, times: list[float]) -> None:
    """Median and 95th percentile of a few hundred times."""
    high = statistics.quantiles(times, n=20)[-1]
    print(f"  {what:52} median {statistics.median(times):6.2f} ms, 95th {high:6.2f} ms")


def one_behind_many() -> None:
    """One user's 5,000 tasks wait; another asks for one."""
    filling.empty()
    many, one = filling.owners(2)
    filling.fill([many], 5_000)
    work(100)
    positions, waited = [], []
    for _ in range(50):
        mine = ask(one)
        before = 0
        start = time.perf_counter()
        while (task := take()) is not None and task.pk != mine.pk:
            transitions.finish(task)
            before += 1
        waited.append((time.perf_counter() - start) * 1000)
        positions.append(before)
        assert task is not None
        transitions.finish(task)
    print("One user's 5,000 tasks wait, another asks for one (50 times):")
    print(
        f"  claims that came before it: median {statistics.median(positions):g}, "
        f"most {max(positions)}"
    )
    shown("from the claim of a free worker to it", waited)


def mix() -> None:
    """A hundred users with 1 to 1,000 tasks each: who gets what of the first 5,000 claims?"""
    filling.empty()
    images = filling.owners(100)
    with transaction.atomic():
        for number, image in enumerate(images):
            filling.fill([image], 10 * (number + 1))
    served: Counter[int] = Counter()
    for _ in range(5_000):
        task = take()
        assert task is not None
        transitions.finish(task)
        served[task.owner_id] += 1
    # Whoever still waits has had the same share.
    waiting = [served[image.owner_id] for n, image in enumerate(images) if 10 * (n + 1) > 80]
    print("A hundred users wait with 10, 20, ... 1,000 tasks; the first 5,000 claims:")
    print(
        f"  served of those who still wait: {min(waiting)} to {max(waiting)} each, "
        f"ratio {max(waiting) / min(waiting):.2f}"
    )


def claims(few: int, many: int) -> None:
    """One claim in a short and in a long queue, of one user and of a thousand."""
    print("One claim:")
    medians = []
    for users, rows in ((1, few), (1, many), (1_000, many)):
        filling.empty()
        filling.fill(filling.owners(users), rows // users)
        work(50)
        medians.append(shown_claims(f"{rows:,} rows wait, of {users:,} users"))
    print(f"  ratio of the long queue to the short one: {max(medians[1:]) / medians[0]:.2f}")


def drained(rows: int) -> None:
    """The last claims of a queue whose many rows were claimed and ended without a vacuum."""
    filling.empty()
    filling.fill(filling.owners(1), rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE image_processor_transformationtask SET (autovacuum_enabled=off)"
        )
    try:
        print(f"{rows:,} rows are claimed and ended, no vacuum comes:")
        shown_claims("the first 500 claims")
        work(rows - 1_500)
        shown_claims("the last 500 claims")
        work(500)
        shown_claims("500 claims of the empty queue")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE image_processor_transformationtask RESET (autovacuum_enabled)"
            )


def held_back(rows: int) -> None:
    """The same while somebody's long transaction keeps every dead row alive."""
    filling.empty()
    filling.fill(filling.owners(1), 2 * rows)
    with closing(psycopg2.connect(**connection.get_connection_params())) as reader:
        cursor = reader.cursor()
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM image_processor_transformationtask")
        work(rows)
        print(f"{rows:,} rows are claimed and ended while a long transaction is open:")
        shown_claims("claims after that", 200)


def not_due(rows: int) -> None:
    """Rows at the head of the queue that are not due yet, as after an outage of the storage."""
    filling.empty()
    away, here = filling.owners(2)
    filling.fill([away], rows)
    TransformationTask.objects.update(available_at=Now() + timedelta(minutes=5))
    filling.fill([here], 1_000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    TransformationTask.objects.filter(owner_id=here.owner_id).update(position=rows + 1)
    print(f"{rows:,} rows at the head are not due yet:")
    shown_claims("claims", 200)


def submissions() -> None:
    """What the quotas cost a submission."""
    print("What quotas cost a submission, by the owner's unfinished tasks:")
    for waiting in (0, 1_000, 9_000):
        filling.empty()
        image = filling.owners(1)[0]
        filling.fill([image], waiting)
        times = []
        for _ in range(300):
            start = time.perf_counter()
            with transaction.atomic():
                quotas.admit_task(image.owner_id, runs=True)
                times.append((time.perf_counter() - start) * 1000)
        shown(f"{waiting:,} unfinished", times)
