"""Simultaneous requests with one key create one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import User
from api.models import IdempotencyRecord
from api.requests import idempotency
from api.tasks import forget_expired
from image_processor.models import SourceImage, StoredObject
from tests.api.locks import until_waiting
from tests.api.problems import refused
from tests.api.requests.idempotency.creating_routes import CREATING, creation_status
from tests.api.requests.idempotency.keyed_requests import Send
from tests.api.requests.idempotency.record_expiry import pass_time
from tests.api.routes import Route
from webhooks.models import Webhook

# All routes share the code for requests that lose their claim or their connection.
ONE_OR_EACH = [CREATING[0], *(pytest.param(each, marks=pytest.mark.long) for each in CREATING[1:])]


def _simultaneous_requests() -> list[Any]:
    """(route, number of requests): 50 for one route, 8 for the others, or 50 in the long run."""
    fifty = next(route for route in CREATING if route.name == "image-transform")
    few = [(route, 8) for route in CREATING if route is not fifty]
    many = [pytest.param(route, 50, marks=pytest.mark.long) for route, _ in few]
    return [(fifty, 50), *few, *many]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("route", "requests"), _simultaneous_requests(), ids=str)
def test_simultaneous_requests_create_one_object(
    client: APIClient,
    user: Any,
    client_of: Any,
    senders: dict[str, tuple[Send, Any]],
    at_once: Any,
    route: Route,
    requests: int,
) -> None:
    send, kind = senders[route.name]
    before = set(kind.objects.values_list("pk", flat=True))
    made = creation_status(route)
    answers = at_once(requests, lambda number: send(client_of(user)))
    (created,) = set(kind.objects.values_list("pk", flat=True)) - before
    first = [a for a in answers if a.status_code == made and "Idempotent-Replayed" not in a]
    assert [answer.json()["id"] for answer in first] == [created]
    for answer in answers:
        if answer.status_code == made:
            assert answer.json()["id"] == created
        else:
            refused(answer, 409, "idempotency_in_progress")
    again = send(client)
    assert (again.status_code, again.json()["id"]) == (made, created)


@pytest.fixture
def hold_first_request(
    senders: dict[str, tuple[Send, Any]], image: dict[str, Any], user: Any, client_of: Any
) -> Callable[[Route], AbstractContextManager[tuple[Future[Any], int]]]:
    """Send a request that waits for a row lock in its creating transaction, after its claim.

    The context manager gives (the future answer, the process id of its database connection).
    """
    stored = StoredObject.objects.filter(source_images=image["id"])
    needed = {
        "image-transform": SourceImage.objects.filter(pk=image["id"]).select_for_update(),
        "image-upload": stored.select_for_update(),
        "image-import": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "direct-uploads": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "upload-transform": stored.select_for_update(),
        "api-keys": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "webhooks": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "webhook-test": Webhook.objects.filter(owner=user).select_for_update(no_key=True),
        "presets": User.objects.filter(pk=user.pk).select_for_update(no_key=True),
        "batches": SourceImage.objects.filter(pk=image["id"]).select_for_update(),
    }

    @contextmanager
    def hold(route: Route) -> Iterator[tuple[Future[Any], int]]:
        def first() -> Any:
            try:
                return senders[route.name][0](client_of(user))
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool, transaction.atomic():
            assert len(needed[route.name]) == 1
            answer = pool.submit(first)
            (pid,) = until_waiting(1)
            yield answer, pid

    return hold


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", CREATING, ids=str)
def test_a_second_request_is_409_while_the_first_runs(
    hold_first_request: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, route: Route
) -> None:
    send, _ = senders[route.name]
    with hold_first_request(route) as (first, _):
        refused(send(client), 409, "idempotency_in_progress")
    assert first.result().status_code == creation_status(route)
    again = send(client)
    assert again["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.result().json()["id"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", ONE_OR_EACH, ids=str)
def test_a_request_that_lost_its_claim_creates_nothing(
    hold_first_request: Any,
    senders: dict[str, tuple[Send, Any]],
    client: APIClient,
    user: Any,
    route: Route,
) -> None:
    """Its claim expires while it waits, and another request claims the key."""
    send, kind = senders[route.name]
    before = kind.objects.count()
    with hold_first_request(route) as (late, _):
        pass_time(seconds=61)
        other = idempotency.claim(user.pk, "one", IdempotencyRecord.objects.get().fingerprint)
    refused(late.result(), 409, "idempotency_in_progress")
    assert kind.objects.count() == before
    # The slow request has not released the other request's claim.
    assert IdempotencyRecord.objects.get().claim == other.record.claim
    refused(send(client), 409, "idempotency_in_progress")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", ONE_OR_EACH, ids=str)
def test_a_slow_request_without_a_rival_creates_its_object(
    hold_first_request: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, route: Route
) -> None:
    with hold_first_request(route) as (late, _):
        pass_time(minutes=30)
        forget_expired()
    assert late.result().status_code == creation_status(route)
    again = senders[route.name][0](client)
    assert again.json()["id"] == late.result().json()["id"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", ONE_OR_EACH, ids=str)
def test_a_lost_database_connection_creates_nothing(
    hold_first_request: Any, senders: dict[str, tuple[Send, Any]], client: APIClient, route: Route
) -> None:
    send, kind = senders[route.name]
    before = kind.objects.count()
    with hold_first_request(route) as (lost, pid), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        refused(lost.result(), 503, "database_unavailable")
    assert kind.objects.count() == before
    assert send(client).status_code == creation_status(route)
    assert kind.objects.count() == before + 1
