"""A queue with thousands of waiting rows: who is next, and how the next is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from image_processor import maintenance
from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import fair_order, transitions
from image_processor.jobs.claim import claim
from image_processor.jobs.model import Job
from image_processor.models import FairShare, QueueClock, TransformationTask
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


def test_a_claim_walks_the_index_and_sorts_nothing(user: Any) -> None:
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


def floor() -> float:
    return QueueClock.objects.get(queue="light").floor


def test_a_claim_starts_above_what_is_done(user: Any) -> None:
    """Rows that ended stay in the index until a vacuum; nobody walks them again and again."""
    many(rows.task(rows.image(user)), 100)
    for _ in range(50):
        transitions.finish(take())
    fair_order.raise_floors()
    assert floor() == QueueClock.objects.get(queue="light").virtual_time
    with CaptureQueriesContext(connection) as asked:
        take()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (COSTS OFF) " + asked.captured_queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert any("Index Cond" in line and '"position" >=' in line for line in plan.splitlines())


def test_the_floor_is_below_whatever_may_be_claimed_again(user: Any) -> None:
    many(rows.task(rows.image(user)), 20)
    taken = [take() for _ in range(5)]
    for task in (*taken[:2], *taken[3:]):
        transitions.finish(task)
    fair_order.raise_floors()
    assert floor() == taken[2].position
    TransformationTask.objects.filter(pk=taken[2].pk).update(available_at=Now())
    assert take() == taken[2]


def test_the_floor_is_never_above_the_place_of_a_new_job(make_user: Callable[..., Any]) -> None:
    """Whoever waits stands ahead of the virtual time; a newcomer is placed at it."""
    QueueClock.objects.create(queue="light", virtual_time=3)
    rows.task(rows.image(make_user()), position=5)
    fair_order.raise_floors()
    newcomer = rows.task(rows.image(make_user()))
    assert newcomer.position == 3
    assert take() == newcomer


def test_a_row_that_came_below_the_floor_is_found_again(user: Any) -> None:
    """As one whose place was taken long before it was committed."""
    late = rows.task(rows.image(user))
    QueueClock.objects.create(queue="light", virtual_time=50, floor=50)
    assert claim(TransformationTask, "light", release=ENGINE_RELEASE) is None
    maintenance.maintain()
    assert take() == late


def test_an_empty_queues_floor_is_its_time(user: Any) -> None:
    QueueClock.objects.create(queue="light", virtual_time=7)
    fair_order.raise_floors()
    assert floor() == 7
    assert rows.task(rows.image(user)).position == 7
    take()


def test_floors_ask_for_every_kind_of_job(db: None) -> None:
    QueueClock.objects.create(queue="light", virtual_time=7)
    with CaptureQueriesContext(connection) as asked:
        fair_order.raise_floors()
    (query,) = asked.captured_queries
    kinds = [model for model in apps.get_models() if issubclass(model, Job)]
    assert TransformationTask in kinds
    assert all(kind._meta.db_table in query["sql"] for kind in kinds)
