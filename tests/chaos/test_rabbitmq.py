"""The service on a real RabbitMQ: nothing is lost there either, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos import worker_kills
from tests.chaos.command import running_with_rabbitmq
from tests.chaos.test_scenarios import kept
from tests.servers.rabbitmq import NoRabbitMQ, RabbitMQ
from tests.stack.service import Service

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def started() -> Iterator[tuple[Service, RabbitMQ]]:
    try:
        with running_with_rabbitmq() as both:
            yield both
    except NoRabbitMQ as reason:
        pytest.skip(str(reason))


def test_worker_kills(started: tuple[Service, RabbitMQ]) -> None:
    kept(worker_kills.run(started[0], tasks=60, kills=4))
