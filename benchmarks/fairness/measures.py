"""One function per figure. Each starts with empty tables and prints its result."""

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

from benchmarks.fairness import rows
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import fair_order, transitions
from image_processor.jobs.claim import claim
from image_processor.library.accounting import quotas
from image_processor.models import SourceImage, TransformationTask


def claim_next() -> TransformationTask | None:
    """Claim a task like a free worker."""
    return claim(TransformationTask, "light", release=ENGINE_RELEASE)


# About the number of tasks that two workers finish between two rounds of the scheduler.
TASKS_PER_ROUND = 250


def work(count: int) -> list[float]:
    """Claim and finish `count` tasks; return the time of each claim in ms."""
    times = []
    for number in range(count):
        if number % TASKS_PER_ROUND == 0:
            fair_order.raise_floors()
        start = time.perf_counter()
        task = claim_next()
        times.append((time.perf_counter() - start) * 1000)
        if task is not None:
            transitions.finish(task)
    return times


def submit(image: SourceImage) -> TransformationTask:
    """Create a task in the position that `services.submit` gives it."""
    with transaction.atomic():
        return TransformationTask.objects.create(
            owner_id=image.owner_id,
            original_image=image,
            queue="light",
            position=fair_order.place("light", image.owner_id, 1.0),
            engine_release=ENGINE_RELEASE,
            transformations=[],
            pipeline={},
            format="PNG",
        )


def pages() -> int:
    """Return how many database pages one claim reads: a measure of its time without noise."""
    with CaptureQueriesContext(connection) as captured:
        claim_next()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + captured.captured_queries[0]["sql"]
        )
        plan = cursor.fetchone()[0][0]["Plan"]
        transaction.set_rollback(True)
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def print_claims(label: str, count: int = 500) -> float:
    """Claim and finish `count` tasks, print the times of the claims, return the median in ms."""
    times = work(count)
    print_times(f"{label} ({pages()} pages)", times)
    return statistics.median(times)


def print_times(label: str, times: list[float]) -> None:
    """Print the median and the 95th percentile."""
    high = statistics.quantiles(times, n=20)[-1]
    print(f"  {label:52} median {statistics.median(times):6.2f} ms, 95th {high:6.2f} ms")


def single_task_behind_many() -> None:
    """5,000 tasks of one user wait, and another user submits one."""
    rows.delete_all()
    many, one = rows.make_owners(2)
    rows.fill([many], 5_000)
    work(100)
    positions, waited = [], []
    for _ in range(50):
        own_task = submit(one)
        before = 0
        start = time.perf_counter()
        while (task := claim_next()) is not None and task.pk != own_task.pk:
            transitions.finish(task)
            before += 1
        waited.append((time.perf_counter() - start) * 1000)
        positions.append(before)
        assert task is not None
        transitions.finish(task)
    print("5,000 tasks of one user wait, another user submits one (50 times):")
    print(f"  claims before it: median {statistics.median(positions):g}, most {max(positions)}")
    print_times("from the first claim of a free worker to its claim", waited)


def mixed_users() -> None:
    """A hundred users have 10 to 1,000 tasks each: how are the first 5,000 claims divided?"""
    rows.delete_all()
    images = rows.make_owners(100)
    with transaction.atomic():
        for number, image in enumerate(images):
            rows.fill([image], 10 * (number + 1))
    served: Counter[int] = Counter()
    for _ in range(5_000):
        task = claim_next()
        assert task is not None
        transitions.finish(task)
        served[task.owner_id] += 1
    # Users who still have waiting tasks got the same share.
    waiting = [served[image.owner_id] for n, image in enumerate(images) if 10 * (n + 1) > 80]
    print("A hundred users wait with 10, 20, ... 1,000 tasks; the first 5,000 claims:")
    print(
        f"  claims per user who still has waiting tasks: {min(waiting)} to {max(waiting)}, "
        f"ratio {max(waiting) / min(waiting):.2f}"
    )


def claims(few: int, many: int) -> None:
    """Compare one claim in a short and in a long queue, of one user and of a thousand."""
    print("One claim:")
    medians = []
    for users, count in ((1, few), (1, many), (1_000, many)):
        rows.delete_all()
        rows.fill(rows.make_owners(users), count // users)
        work(50)
        medians.append(print_claims(f"{count:,} rows of {users:,} users wait"))
    print(f"  ratio of the long queue to the short one: {max(medians[1:]) / medians[0]:.2f}")


def without_vacuum(count: int) -> None:
    """Measure the last claims of a queue with many dead rows, because no vacuum has run."""
    rows.delete_all()
    rows.fill(rows.make_owners(1), count)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE image_processor_transformationtask SET (autovacuum_enabled=off)"
        )
    try:
        print(f"{count:,} rows are claimed and finished without a vacuum:")
        print_claims("the first 500 claims")
        work(count - 1_500)
        print_claims("the last 500 claims")
        work(500)
        print_claims("500 claims of the empty queue")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE image_processor_transformationtask RESET (autovacuum_enabled)"
            )


def during_long_transaction(count: int) -> None:
    """The same while a long transaction prevents the removal of dead rows."""
    rows.delete_all()
    rows.fill(rows.make_owners(1), 2 * count)
    with closing(psycopg2.connect(**connection.get_connection_params())) as reader:
        cursor = reader.cursor()
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM image_processor_transformationtask")
        work(count)
        print(f"{count:,} rows are claimed and finished while a long transaction is open:")
        print_claims("claims after that", 200)


def not_due(count: int) -> None:
    """The rows at the head of the queue are not due yet, as after an outage of the storage."""
    rows.delete_all()
    away, here = rows.make_owners(2)
    rows.fill([away], count)
    TransformationTask.objects.update(available_at=Now() + timedelta(minutes=5))
    rows.fill([here], 1_000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    TransformationTask.objects.filter(owner_id=here.owner_id).update(position=count + 1)
    print(f"{count:,} rows at the head are not due yet:")
    print_claims("claims", 200)


def submissions() -> None:
    """Measure the quota check of a submission."""
    print("Quota check of a submission, by the owner's unfinished tasks:")
    for waiting in (0, 1_000, 9_000):
        rows.delete_all()
        image = rows.make_owners(1)[0]
        rows.fill([image], waiting)
        times = []
        for _ in range(300):
            start = time.perf_counter()
            with transaction.atomic():
                quotas.admit_task(image.owner_id, runs=True)
                times.append((time.perf_counter() - start) * 1000)
        print_times(f"{waiting:,} unfinished", times)
