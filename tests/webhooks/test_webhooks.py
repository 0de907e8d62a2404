"""Webhooks by HTTP: made, shown, changed, deleted; what is refused."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.api.views.images.imports.conftest import IMPORT
from tests.builders.rows import delete_account
from tests.servers.receiver import Receiver
from tests.webhooks.conftest import HOOKS
from utils.outbound import reachability
from utils.versions import NotFound
from webhooks import endpoints
from webhooks.models import Delivery, Webhook

PUBLIC_URL = "https://93.184.216.34/hook"  # an address, so that nothing is looked up
NEW = {"url": PUBLIC_URL, "events": ["task.failed"]}


@pytest.fixture
def made(client: APIClient) -> dict[str, Any]:
    return client.post(HOOKS, NEW).json()


def path(row: dict[str, Any], below: str = "") -> str:
    return f"{HOOKS}{row['id']}/{below}"


def test_a_webhook_is_made_and_its_secret_shown_once(client: APIClient) -> None:
    answer = client.post(HOOKS, {**NEW, "description": "mine"})
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "private, no-store"
    body = answer.json()
    prefix, _, key = body["secret"].partition("_")
    assert prefix == "whsec"
    assert len(base64.b64decode(key, validate=True)) == 32
    shown = client.get(answer["Location"])
    assert shown.json() == {k: v for k, v in body.items() if k not in ("secret", "detail")}
    assert shown.json() | {"created_at": 0, "updated_at": 0} == {
        "id": body["id"],
        "url": PUBLIC_URL,
        "description": "mine",
        "events": ["task.failed"],
        "enabled": True,
        "disabled_reason": None,
        "failing_since": None,
        "created_at": 0,
        "updated_at": 0,
    }
    assert client.get(HOOKS).json()["results"] == [shown.json()]
    assert key not in client.get(HOOKS).content.decode()


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("http://127.0.0.1/", 422, "address_forbidden"),
        ("http://[::1]/", 422, "address_forbidden"),
        ("https://10.0.0.8/hook", 422, "address_forbidden"),
        ("http://169.254.169.254/latest", 422, "address_forbidden"),
        ("https://93.184.216.34:8080/", 400, "url_refused"),
        ("ftp://93.184.216.34/", 400, "url_refused"),
        ("https://me:secret@93.184.216.34/", 400, "url_refused"),
        (" https://93.184.216.34/", 400, "url_refused"),
    ],
)
def test_an_address_that_cannot_be_used(
    client: APIClient, made: dict[str, Any], url: str, status: int, code: str
) -> None:
    for answer in (client.post(HOOKS, {**NEW, "url": url}), client.patch(path(made), {"url": url})):
        body = refused(answer, status, code)
        assert [error["pointer"] for error in body["errors"]] == ["/url"]
    assert Webhook.objects.get().url == PUBLIC_URL


def test_a_name_that_leads_inside_is_refused(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolver(host: str, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    body = refused(
        client.post(HOOKS, {**NEW, "url": "https://hooks.example.com/"}), 422, "address_forbidden"
    )
    assert "10.1.2.3" not in str(body)


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"events": []}, "/events"),
        ({"events": ["task.exploded"]}, "/events/0"),
        ({"events": "task.failed"}, "/events"),
        ({"description": "x" * 201}, "/description"),
        ({"enabled": "yes"}, "/enabled"),
        ({"secret": "whsec_mine"}, "/secret"),
        ({"url": 7}, "/url"),
    ],
)
def test_what_a_webhook_cannot_be(
    client: APIClient, made: dict[str, Any], form: dict[str, Any], pointer: str
) -> None:
    for answer in (client.post(HOOKS, NEW | form), client.patch(path(made), form)):
        assert answer.status_code == 400, answer.content
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert Webhook.objects.count() == 1


def test_there_may_be_so_many(client: APIClient, client_of: Any, make_user: Any) -> None:
    for _ in range(endpoints.MAX_PER_USER):
        assert client.post(HOOKS, NEW).status_code == 201
    body = refused(client.post(HOOKS, NEW), 409, "too_many_webhooks")
    assert (body["limit"], body["actual"]) == (20, 20)
    assert client_of(make_user()).post(HOOKS, NEW).status_code == 201


def test_it_is_changed_if_it_is_still_what_was_read(
    client: APIClient, made: dict[str, Any]
) -> None:
    etag = client.get(path(made))["ETag"]
    assert client.get(path(made), HTTP_IF_NONE_MATCH=etag).status_code == 304
    change = {"events": ["batch.finished", "task.failed"], "description": "other"}
    answer = client.patch(path(made), change, HTTP_IF_MATCH=etag)
    assert answer.status_code == 200
    assert answer.json()["events"] == ["task.failed", "batch.finished"]
    assert answer["ETag"] != etag
    refused(client.patch(path(made), change, HTTP_IF_MATCH=etag), 412, "precondition_failed")
    refused(client.delete(path(made), HTTP_IF_MATCH=etag), 412, "precondition_failed")
    assert client.delete(path(made), HTTP_IF_MATCH=answer["ETag"]).status_code == 204
    refused(client.get(path(made)), 404, "not_found")


def test_a_disabled_webhook_is_told_nothing(
    client: APIClient,
    hook: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    client.patch(path(hook), {"events": ["batch.finished"]})
    happen()
    assert client.patch(path(hook), {"enabled": False}).json()["enabled"] is False
    happen()
    assert send_due() == 0
    listed = client.get(path(hook, "deliveries/")).json()["results"]
    assert [each["status"] for each in listed] == ["CANCELLED"]
    refused(client.post(path(hook, "test/")), 409, "webhook_disabled")
    again = f"{HOOKS}deliveries/{listed[0]['id']}/redeliver/"
    refused(client.post(again), 409, "webhook_disabled")
    client.patch(path(hook), {"enabled": True})
    assert client.post(again).json()["status"] == "PENDING"
    assert send_due() == 1
    assert len(receiver.messages) == 1


def test_with_the_account_everything_goes(
    client: APIClient, user: Any, hook: dict[str, Any]
) -> None:
    client.post(path(hook, "test/"))
    delete_account(user)
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def test_a_webhook_that_goes_takes_its_deliveries_along(
    client: APIClient, hook: dict[str, Any]
) -> None:
    delivery = client.post(path(hook, "test/"))["Location"]
    assert client.get(delivery).status_code == 200
    assert client.delete(path(hook)).status_code == 204
    refused(client.get(delivery), 404, "not_found")


def test_a_replayed_creation_shows_no_secret(client: APIClient) -> None:
    first = client.post(HOOKS, NEW, HTTP_IDEMPOTENCY_KEY="one").json()
    again = client.post(HOOKS, NEW, HTTP_IDEMPOTENCY_KEY="one").json()
    assert again["id"] == first["id"]
    assert again["secret"] is None
    assert "rotate-secret" in again["detail"]


def test_another_s_webhook_is_not_there(
    made: dict[str, Any], client_of: Any, make_user: Any
) -> None:
    stranger = client_of(make_user())
    for below in ("test/", "rotate-secret/"):
        refused(stranger.post(path(made, below)), 404, "not_found")
    refused(stranger.get(path(made, "deliveries/")), 404, "not_found")


def test_one_that_is_deleted_meanwhile(made: dict[str, Any]) -> None:
    row = Webhook.objects.get()
    Webhook.objects.all().delete()
    with pytest.raises(NotFound):
        endpoints.rotate_secret(row)


@pytest.mark.parametrize(("route", "body", "accepted"), [(HOOKS, NEW, 201), (IMPORT, {}, 202)])
@pytest.mark.django_db(transaction=True)
def test_slow_name_servers_hold_up_few_requests(
    client: APIClient,
    user: Any,
    client_of: Any,
    monkeypatch: pytest.MonkeyPatch,
    route: str,
    body: dict[str, Any],
    accepted: int,
) -> None:
    """The owner of a name decides when its name server answers: few threads may wait for it."""
    asked, answer = threading.Semaphore(0), threading.Event()
    known = socket.getaddrinfo

    def slow(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "slow.example":
            return known(host, *args, **kwargs)
        asked.release()
        answer.wait(30)
        return known("93.184.216.34", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(reachability, "LOOKUP_SECONDS", 30)
    form = {**body, "url": "https://slow.example/hook"}

    def make() -> int:
        try:
            return int(client_of(user).post(route, form).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(reachability.lookups.limit) as threads:
        waiting = [threads.submit(make) for _ in range(reachability.lookups.limit)]
        try:
            for _ in waiting:
                assert asked.acquire(timeout=10)
            assert client.post(route, form).status_code == accepted  # looked at when it is used
            inside = {**body, "url": "https://10.0.0.1/hook"}
            refused(client.post(route, inside), 422, "address_forbidden")
            assert not any(each.done() for each in waiting)
        finally:
            answer.set()
        assert [each.result() for each in waiting] == [accepted] * reachability.lookups.limit
    assert not asked.acquire(blocking=False)
