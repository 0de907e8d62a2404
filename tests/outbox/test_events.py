"""The outbox: handed out after the commit, at least once, to handlers named in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.functions import Now

from outbox import events
from outbox.models import Event
from tests.builders.locking import locked_elsewhere
from utils import messages

seen: list[tuple[str, dict[str, Any]]] = []


def remember(event: Event) -> None:
    seen.append((event.kind, event.payload))


def break_down(event: Event) -> None:
    Event.objects.create(owner_id=event.owner_id, kind="half.done", payload={})
    raise ValueError("not now")


@pytest.fixture(autouse=True)
def _handlers(settings: Any) -> Iterator[None]:
    settings.EVENT_HANDLERS = {
        "good": [f"{__name__}.remember"],
        "bad": [f"{__name__}.break_down"],
    }
    seen.clear()
    yield
    seen.clear()


def test_a_handled_event_is_handed_out_once(user: Any) -> None:
    events.record("good", user.pk, task=7)
    assert seen == []
    assert events.drain() == 1
    assert events.drain() == 0
    assert seen == [("good", {"task": 7})]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the messages that were sent."""
    names: list[str] = []
    monkeypatch.setattr(messages, "send", lambda name, *args: names.append(name) or True)
    return names


def test_no_event_begins_after_the_time_of_a_round(user: Any, sent: list[str]) -> None:
    events.record_all("good", user.pk, [{"task": 1}, {"task": 2}, {"task": 3}])
    times = iter([0, 1, events.ROUND_SECONDS])
    assert events.drain(lambda: next(times)) == 2
    assert sent == ["outbox.tasks.drain"]
    assert events.drain() == 1
    assert len(sent) == 1


def test_a_round_that_is_full_wakes_another(
    user: Any, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "ROUND", 2)
    events.record_all("good", user.pk, [{"task": 1}, {"task": 2}, {"task": 3}])
    assert events.drain() == 2
    assert sent == ["outbox.tasks.drain"]
    assert events.drain() == 1
    assert len(sent) == 1


def test_two_who_hand_out_do_not_wait_for_each_other(transactional_db: None, user: Any) -> None:
    events.record("good", user.pk, task=1)
    first = Event.objects.get()
    events.record("good", user.pk, task=2)
    with locked_elsewhere(first), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")  # who waits fails
        assert events.drain() == 1
    connection.close()
    assert seen == [("good", {"task": 2})]
    assert events.drain() == 1


@pytest.fixture
def listening(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What the audience of `good` says, in turn; False in the end."""
    settings.EVENT_AUDIENCES = {"good": f"{__name__}.listens"}
    monkeypatch.setitem(globals(), "answers", answers := [])
    return answers


answers: list[bool] = []


def listens(owner_id: int, kind: str) -> bool:
    assert kind == "good"
    return answers.pop(0) if answers else False


def test_events_that_nobody_listens_to_end_together(
    user: Any, make_user: Any, listening: list[bool], django_assert_num_queries: Any
) -> None:
    events.record_all("good", user.pk, [{"task": number} for number in range(50)])
    other = make_user()
    events.record("good", other.pk, task=50)
    with django_assert_num_queries(13):  # two rounds, and one that finds nothing
        assert events.drain() == 51
    assert seen == []
    assert not Event.objects.filter(due_at__isnull=False).exists()


def test_who_begins_to_listen_before_an_event_hears_it(user: Any, listening: list[bool]) -> None:
    """Between the two looks at the audience, somebody listens and an event is recorded."""
    events.record("good", user.pk, task=1)
    listening += [False, True]
    assert events.drain() == 1
    assert seen == [("good", {"task": 1})]


def test_events_share_the_message_that_waits(
    user: Any, sent: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    cache.clear()
    for _ in range(2):
        for task in range(3):
            with django_capture_on_commit_callbacks(execute=True):
                events.record("good", user.pk, task=task)
        events.gather(lambda seconds: None)
    assert sent == ["outbox.tasks.drain"] * 2


def test_a_message_that_was_not_sent_is_sent_for_the_next_event(
    user: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    cache.clear()
    tried: list[str] = []
    monkeypatch.setattr(messages, "send", lambda name, *args: tried.append(name))  # takes none
    for task in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            events.record("good", user.pk, task=task)
    assert len(tried) == 2


def test_an_event_goes_with_the_transaction_that_it_tells_of(user: Any) -> None:
    with transaction.atomic():
        events.record("good", user.pk)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_nobodys_event_waits_for_no_one(user: Any) -> None:
    events.record("unheard", user.pk)
    assert Event.objects.get().due_at is None


def test_a_failing_handler_undoes_its_work_and_is_tried_again_later(user: Any) -> None:
    events.record("bad", user.pk)
    events.record("good", user.pk)
    assert events.drain() == 1
    bad = Event.objects.get(kind="bad")
    assert bad.attempts == 1
    assert bad.due_at is not None
    assert not Event.objects.filter(kind="half.done").exists()
    assert events.drain() == 0
    Event.objects.filter(kind="bad").update(due_at=Now())
    events.drain()
    bad.refresh_from_db()
    assert bad.attempts == 2


def test_a_hopeless_event_is_given_up(user: Any) -> None:
    events.record("bad", user.pk)
    Event.objects.update(attempts=events.MAX_ATTEMPTS - 1)
    events.drain()
    assert Event.objects.get().due_at is None


def test_old_handled_events_are_forgotten(user: Any) -> None:
    for kind in ("good", "unheard", "unheard"):
        events.record(kind, user.pk)
    Event.objects.update(created_at=Now() - events.RETENTION - timedelta(hours=1))
    fresh = Event.objects.filter(kind="unheard").first()
    assert fresh is not None
    Event.objects.filter(pk=fresh.pk).update(created_at=Now())
    assert events.forget_old() == 1
    assert set(Event.objects.values_list("kind", flat=True)) == {"good", "unheard"}
