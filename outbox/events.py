"""Record events, and hand them to handlers that the recording code does not know.

`record` writes an `Event` in the caller's transaction. `drain` calls the handlers of each due event
at least once. `settings.EVENT_HANDLERS` lists the handlers of each kind of event
(`{"task.succeeded": ["webhooks.delivery.deliveries.deliver_event"]}`). Most events of some kinds
interest nobody; `settings.EVENT_AUDIENCES` names a function for such a kind, which says whether
anybody listens to an owner's events.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from outbox.models import Event
from utils import messages

# When a round of `drain` ends, and another one goes on: after so many events, or seconds. A worker
# whose task takes very long is taken for hanging, and is ended.
ROUND = 100
ROUND_SECONDS = 30
# A round waits so long before it reads, so that events of the same moment share it.
GATHER_SECONDS = 0.5
RETENTION = timedelta(days=7)
MAX_ATTEMPTS = 12

# Set in the cache while a message waits that starts `drain`, for as long as the scheduler's pause.
_WAITING = "outbox:drain-waits"
_WAITING_SECONDS = 10

log = structlog.get_logger(__name__)


def record(kind: str, owner_id: int, **payload: Any) -> None:
    """Record an event; its handlers run after the transaction is committed."""
    record_all(kind, owner_id, [payload])


def record_all(kind: str, owner_id: int, payloads: Sequence[dict[str, Any]]) -> None:
    """Record several events of one kind in one query."""
    handled = bool(settings.EVENT_HANDLERS.get(kind))
    due: dict[str, Any] = {} if handled else {"due_at": None}
    Event.objects.bulk_create(
        Event(owner_id=owner_id, kind=kind, payload=payload, **due) for payload in payloads
    )
    if handled and payloads:
        transaction.on_commit(_wake)


def _wake() -> None:
    """Start `drain` in a worker, unless a message that has not begun will find these events, too.

    If that message is lost, the scheduler starts `drain`, as it does every few seconds.
    """
    if cache.add(_WAITING, True, _WAITING_SECONDS) and not messages.send(
        "outbox.tasks.drain", "system"
    ):
        cache.delete(_WAITING)


def gather(sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait until events of the same moment are recorded. Later ones send a message of their own."""
    sleep(GATHER_SECONDS)
    cache.delete(_WAITING)


def drain(clock: Callable[[], float] = time.monotonic) -> int:
    """Run the handlers of due events, oldest first; return how many events were handled.

    Begins no event after `ROUND_SECONDS`, because each mail may wait for a server that does not
    answer. Wakes another round if it ends before the due events do.
    """
    handled = 0
    end = clock() + ROUND_SECONDS
    for _ in range(ROUND):
        with transaction.atomic():
            event = _due().select_for_update(skip_locked=True).first()
            if event is None:
                return handled
            unheard = _lock_unheard(event)
            if unheard:
                handled += Event.objects.filter(pk__in=unheard).update(due_at=None)
            else:
                handled += _handle(event)
        if clock() >= end:
            break
    _wake()
    return handled


def _due() -> QuerySet[Event]:
    """Select the due events, oldest first."""
    return Event.objects.filter(due_at__lte=Now()).order_by("due_at")


def _lock_unheard(event: Event) -> list[int]:
    """Lock due events of the same kind and owner if nobody listens to them; return their ids.

    Somebody who has begun to listen before an event must get it. So the audience of all events is
    asked for after they are read.
    """
    if _has_audience(event):
        return []
    alike = _due().filter(kind=event.kind, owner_id=event.owner_id).values_list("pk", flat=True)
    found = list(alike.select_for_update(skip_locked=True)[:ROUND])
    return [] if _has_audience(event) else found


def _has_audience(event: Event) -> bool:
    path = settings.EVENT_AUDIENCES.get(event.kind)
    return path is None or bool(import_string(path)(event.owner_id, event.kind))


def _handle(event: Event) -> bool:
    try:
        with transaction.atomic():
            for path in settings.EVENT_HANDLERS.get(event.kind, []):
                handler: Callable[[Event], None] = import_string(path)
                handler(event)
    except Exception:
        event.attempts += 1
        gave_up = event.attempts >= MAX_ATTEMPTS
        log.exception("event_handler_failed", id=event.pk, kind=event.kind, gave_up=gave_up)
        event.due_at = None if gave_up else Now() + timedelta(seconds=5 * 2**event.attempts)
        event.save(update_fields=["attempts", "due_at"])
        return False
    event.due_at = None
    event.save(update_fields=["due_at"])
    return True


def forget_old() -> int:
    """Delete events older than `RETENTION` that are not due any more; return how many."""
    old = Event.objects.filter(due_at__isnull=True, created_at__lt=Now() - RETENTION)
    return old.delete()[0]
