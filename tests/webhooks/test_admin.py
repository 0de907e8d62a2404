"""Operators see webhooks without their secrets, and may have deliveries sent once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.servers.receiver import Receiver
from tests.webhooks.conftest import HOOKS
from webhooks.models import Delivery


@pytest.fixture
def operator(make_user: Any) -> Client:
    client = Client()
    client.force_login(
        make_user(is_staff=True, is_superuser=True),
        backend="accounts.access.backends.UsernameOrEmailBackend",
    )
    return client


def test_what_operators_see_and_do(
    operator: Client,
    client: Any,
    hook: dict[str, Any],
    receiver: Receiver,
    send_due: Callable[[], int],
) -> None:
    client.post(f"{HOOKS}{hook['id']}/rotate-secret/")
    page = operator.get(f"/admin/webhooks/webhook/{hook['id']}/change/")
    assert page.status_code == 200
    assert receiver.url() in page.content.decode()
    assert "whsec_" not in page.content.decode()
    delivery = client.post(f"{HOOKS}{hook['id']}/test/").json()["id"]
    send_due()
    deliveries = "/admin/webhooks/delivery/"
    assert operator.get(deliveries).status_code == 200
    assert operator.get(f"{deliveries}{delivery}/change/").status_code == 200
    action = {"action": "redeliver", "_selected_action": [delivery]}
    for status in ("PENDING", "PENDING"):  # the second time it is still waiting
        answer = operator.post(deliveries, action, follow=True)
        assert answer.status_code == 200
        assert Delivery.objects.get().status == status
    assert "is not finished" in answer.content.decode()
    assert send_due() == 1
    assert [message.id for message in receiver.messages] == [Delivery.objects.get().message_id] * 2
