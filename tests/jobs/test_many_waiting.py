"""A queue with thousands of waiting rows: who is next, and how the next is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import transitions
from image_processor.jobs.claim import claim
from image_processor.models import FairShare, TransformationTask
from tests.builders import rows

COPIES = """
INSERT INTO {table} (owner_id, position, {columns})
SELECT owner_id, position + number * cost, {columns}
FROM {table}, generate_series(1, %s) AS number WHERE id = %s
"""


def take() -> TransformationTask:
    task = claim(TransformationTask, "light", release=ENGINE_RELEASE)
    assert task is not None
    return task


def many(task: TransformationTask, count: int) -> None:
    """The same task so many times more, placed one after the other."""
    fields = [field.column for field in TransformationTask._meta.concrete_fields]
    columns = ", ".join(name for name in fields if name not in ("id", "owner_id", "position"))
    statement = COPIES.format(table=TransformationTask._meta.db_table, columns=columns)
    with connection.cursor() as cursor:
        cursor.execute(statement, [count, task.pk])
    FairShare.objects.filter(owner=task.owner_id).update(
        finish=task.position + (count + 1) * task.cost
    )


def test_one_behind_5000_is_next_but_one(make_user: Callable[..., Any]) -> None:
    busy, other = make_user(), make_user()
    many(rows.task(rows.image(busy)), 5_000)
    for _ in range(5):
        transitions.finish(take())
    image = rows.image(other)
    for width in range(10, 15):
        mine = rows.task(image, [{"operation": "resize", "params": {"width": width, "height": 9}}])
        served = [take(), take()]
        assert mine in served
        for task in served:
            transitions.finish(task)


def test_owners_with_few_and_with_many_are_served_alike(make_user: Callable[..., Any]) -> None:
    for count in (30, 300, 3_000):
        many(rows.task(rows.image(make_user())), count)
    served: Counter[int] = Counter()
    for _ in range(60):
        task = take()
        served[task.owner_id] += 1
        transitions.finish(task)
    assert max(served.values()) - min(served.values()) <= 1


def test_a_claim_walks_the_index_and_sorts_nothing(
    user: Any, django_assert_num_queries: Any
) -> None:
    many(rows.task(rows.image(user)), 3_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE image_processor_transformationtask")
    with CaptureQueriesContext(connection) as asked:
        take()
    (query,) = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + query["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using transformationtask_claim" in plan
    assert "Sort" not in plan
    assert "Seq Scan on image_processor_transformationtask" not in plan
