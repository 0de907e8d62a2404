"""Start-time fair queueing on its own numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from image_processor.jobs.fair_order import forget_idle, place, place_all
from image_processor.models import FairShare, QueueClock, TransformationTask


def test_an_owners_jobs_follow_each_other_by_cost(user: Any) -> None:
    assert [place("light", user.pk, cost) for cost in (1, 2.5, 1)] == [0, 1, 3.5]


def test_a_newcomer_starts_at_the_queues_virtual_time(make_user: Callable[..., Any]) -> None:
    busy, newcomer = make_user(), make_user()
    for _ in range(5):
        place("light", busy.pk, 1)
    QueueClock.objects.create(queue="light", virtual_time=3)
    assert place("light", newcomer.pk, 1) == 3
    assert place("light", busy.pk, 1) == 5


def test_an_owner_who_was_idle_starts_at_the_virtual_time_too(user: Any) -> None:
    place("light", user.pk, 1)
    QueueClock.objects.create(queue="light", virtual_time=50)
    assert place("light", user.pk, 2) == 50
    assert place("light", user.pk, 1) == 52


def test_what_is_asked_for_together_holds_up_neither_others_nor_its_own_owner(
    make_user: Callable[..., Any],
) -> None:
    batch = [TransformationTask(queue="light", owner=make_user(), cost=2) for _ in range(3)]
    batch[1].owner = batch[2].owner = batch[0].owner
    place_all(batch)
    assert [task.position for task in batch] == [0, 2, 4]
    assert place("light", batch[0].owner_id, 1) == 0
    place_all(batch)
    assert [task.position for task in batch] == [6, 8, 10]
    assert place("light", batch[0].owner_id, 1) == 1


def test_queues_are_apart(user: Any) -> None:
    place("light", user.pk, 10)
    QueueClock.objects.create(queue="light", virtual_time=50)
    assert place("heavy", user.pk, 1) == 0


@pytest.mark.parametrize("cost", [0.001, 1.0, 1e6])
def test_placing_is_one_query(user: Any, cost: float, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        place("light", user.pk, cost)


def test_a_share_that_is_forgotten_changes_nobodys_place(make_user: Callable[..., Any]) -> None:
    past, ahead = make_user(), make_user()
    place("light", past.pk, 2)
    place("light", ahead.pk, 5)
    place("heavy", past.pk, 1)
    QueueClock.objects.create(queue="light", virtual_time=2)
    assert forget_idle() == 1
    assert list(FairShare.objects.order_by("pk").values_list("queue", "owner_id")) == [
        ("light", ahead.pk),
        ("heavy", past.pk),
    ]
    assert place("light", past.pk, 1) == 2
    assert place("light", ahead.pk, 1) == 5
