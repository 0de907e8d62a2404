"""Start-time fair queueing on its own numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from image_processor.jobs.fair import place
from image_processor.models import QueueClock


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


def test_queues_are_apart(user: Any) -> None:
    place("light", user.pk, 10)
    assert place("heavy", user.pk, 1) == 0


@pytest.mark.parametrize("cost", [0.001, 1.0, 1e6])
def test_placing_is_one_query(user: Any, cost: float, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        place("light", user.pk, cost)
